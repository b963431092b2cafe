using System.Globalization;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>A node in a process of its own, which is started again after it was stopped or killed.</summary>
internal sealed class EnduranceNode : IAsyncDisposable
{
    public const string TenantHeader = "X-Tenant";

    private const int Connections = 32;

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private ApiProcess _api = null!;
    private HttpClient _client = null!;
    private int _starts;

    public EnduranceNode(int number, int enginePort, string folder, TimeProvider clock)
    {
        Number = number;
        Network = new TcpProxy(enginePort);
        _folder = folder;
        _clock = clock;
    }

    public int Number { get; }

    /// <summary>The network to the engine.</summary>
    public TcpProxy Network { get; }

    public ApiProcess Process => _api;

    public string SettingsFile => Path.GetFullPath(Path.Combine(_folder, Name + ".json"));

    public Uri Read => new(_api.Address, ApiCommand.Read);

    public Uri Forget => new(_api.Address, ApiCommand.Forget);

    private string Name => string.Create(CultureInfo.InvariantCulture, $"node-{Number}");

    public async Task StartAsync()
    {
        string log = Path.GetFullPath(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Name}-{++_starts}.log")));
        _api = await ApiProcess.StartAsync(log, SettingsFile, TenantHeader);
        _client = _api.CreateClient(Connections);
    }

    /// <summary>Ends the process: as a crash does, or after its requests.</summary>
    public async Task StopAsync(bool isCrash)
    {
        if (isCrash)
            await _api.KillAsync();
        await _api.DisposeAsync();
    }

    /// <summary>Sends the request of an attempt, and completes the attempt.</summary>
    public async Task SendAsync(Attempt attempt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Read);
        await SendAsync(attempt, request);
    }

    /// <summary>Requests the endpoint without authentication.</summary>
    public async Task ProbeAsync()
    {
        try
        {
            await _client.GetStringAsync(new Uri(_api.Address, ApiCommand.Open));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or ObjectDisposedException)
        {
            // The node is being restarted.
        }
    }

    /// <summary>Removes a token, or all of a subject or session.</summary>
    public async Task ForgetAsync(Attempt attempt, string field, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Forget) { Content = new FormUrlEncodedContent([new(field, value)]) };
        await SendAsync(attempt, request);
    }

    /// <summary>Reports the end of a session.</summary>
    public async Task LogOutAsync(Attempt attempt, string logoutToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, "/backchannel-logout"))
        {
            Content = new FormUrlEncodedContent([new("logout_token", logoutToken)]),
        };
        await SendAsync(attempt, request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
        await Network.DisposeAsync();
    }

    private async Task SendAsync(Attempt attempt, HttpRequestMessage request)
    {
        request.Headers.Add(TenantHeader, attempt.Tenant);
        request.Headers.Host = attempt.Host;
        if (attempt.Authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", attempt.Authorization);
        foreach (string proof in attempt.Proofs)
            request.Headers.TryAddWithoutValidation("DPoP", proof);

        attempt.SentAt = _clock.GetUtcNow();
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request);
            attempt.Body = await response.Content.ReadAsStringAsync();
            attempt.Status = (int)response.StatusCode;
            attempt.Challenge = string.Join(", ", response.Headers.WwwAuthenticate.Select(static challenge => challenge.ToString()));
            attempt.RetryAfter = response.Headers.RetryAfter?.Delta;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or ObjectDisposedException)
        {
            attempt.Body = exception.Message;
        }

        attempt.ReceivedAt = _clock.GetUtcNow();
    }
}
