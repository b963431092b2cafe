using System.Diagnostics;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>samples/Api, listening on a socket, configured by settings alone.</summary>
internal sealed partial class SampleApi : IAsyncDisposable
{
    private readonly IAsyncDisposable _host;
    private readonly OutputLog _output;
    private readonly HttpClient _client;

    public SampleApi(IAsyncDisposable host, OutputLog output, string url)
    {
        _host = host;
        _output = output;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };
    }

    public Uri Url => _client.BaseAddress!;

    /// <summary>Everything that it has logged.</summary>
    public string Log => _output.Text;

    /// <summary>The ids of the process and of the shell that watches it.</summary>
    public IEnumerable<int> ProcessIds => ((ChildProcess)_host).Ids;

    /// <summary>Waits until it has logged a text.</summary>
    public Task WaitForLogAsync(string text) => _output.WaitForAsync(text);

    /// <summary>Starts a process, configured by environment variables.</summary>
    /// <param name="settings">Settings of the scheme by configuration key, such as <c>Cache:MaximumAge</c>.</param>
    /// <param name="environment">Other environment variables.</param>
    public static async Task<SampleApi> StartAsync(Dictionary<string, string> settings, Dictionary<string, string>? environment = null)
    {
        ChildProcess process = Launch(settings, environment);
        try
        {
            return new SampleApi(process, process.Output, await process.WaitUntilReadyAsync());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that must stop before it listens.</summary>
    public static async Task<(int ExitCode, string Output)> FailToStartAsync(Dictionary<string, string> settings)
    {
        await using ChildProcess process = Launch(settings, environment: null);
        Task<int> exit = process.WaitForExitAsync();
        Task<string> ready = process.WaitUntilReadyAsync();
        if (await Task.WhenAny(exit, ready) == ready && ready.IsCompletedSuccessfully)
            throw new InvalidOperationException($"The process started:\n{process.Output.Text}");

        return (await exit, process.Output.Text);
    }

    public Task<ApiResponse> GetAsync(string path, string? token = null) => SendAsync(path, token is null ? [] : [$"Bearer {token}"]);

    /// <summary>
    /// Sends a token until it is accepted. In a cold process on a busy machine, the first call alone may take longer than a short timeout.
    /// </summary>
    public async Task WarmUpAsync(string token)
    {
        long started = Stopwatch.GetTimestamp();
        while ((await GetAsync("/read", token)).Status is int status && status != 200)
        {
            Assert.Equal(503, status);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, ApiResponse.Hang);
        }
    }

    /// <summary>Sends a request with the given Authorization headers.</summary>
    public async Task<ApiResponse> SendAsync(string path, string[] authorization, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (string value in authorization)
            request.Headers.TryAddWithoutValidation("Authorization", value);

        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends any request.</summary>
    public async Task<ApiResponse> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return new ApiResponse(
            (int)response.StatusCode,
            Header(response, "WWW-Authenticate"),
            Header(response, "Retry-After"),
            response.Content.Headers.ContentType?.MediaType,
            body,
            Stopwatch.GetElapsedTime(started)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private static ChildProcess Launch(Dictionary<string, string> settings, Dictionary<string, string>? environment)
    {
        var variables = new Dictionary<string, string>(environment ?? [], StringComparer.Ordinal);
        variables.TryAdd("ASPNETCORE_URLS", "http://127.0.0.1:0");
        foreach ((string name, string value) in settings)
            variables["Authentication__Schemes__OAuthIntrospection__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;

        string assembly = Repository.SampleApi;
        return ChildProcess.Start("dotnet", [assembly], Path.GetDirectoryName(assembly)!, variables, ListeningLine());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(" | ", values) : null;

    [GeneratedRegex(@"Now listening on: (?<url>https?://\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}
