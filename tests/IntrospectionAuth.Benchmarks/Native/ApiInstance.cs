using System.Diagnostics;
using System.Text;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>A running process of a published program, and a client with its own connections.</summary>
internal sealed class ApiInstance : IAsyncDisposable
{
    private const string Greeting = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    private ApiInstance(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
    }

    public Uri Address => _client.BaseAddress!;

    /// <summary>The resident memory of the process, in bytes.</summary>
    public long ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts the program with further settings of the scheme, such as <c>Audiences:0=api</c>.</summary>
    public static async Task<ApiInstance> StartAsync(
        ApiProgram program,
        FakeAuthorizationServer server,
        params IEnumerable<string> settings
    )
    {
        (string file, string[] arguments) = program.Command;
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] common = [$"Authority={server.Issuer}", $"ClientId={server.ClientId}", $"ClientSecret={server.ClientSecret}"];
        foreach (string setting in common.Concat(settings))
            start.ArgumentList.Add($"--Authentication:Schemes:{OAuthIntrospectionDefaults.AuthenticationScheme}:{setting}");
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";

        var instance = new ApiInstance(Process.Start(start)!);
        instance._client.BaseAddress = await instance._listening.Task;
        return instance;
    }

    public Task<ReceivedResponse> GetAsync(string path, string? token = null) => SendAsync(path, token is null ? null : "Bearer " + token);

    public async Task<ReceivedResponse> SendAsync(string path, string? authorization, string? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return new((int)response.StatusCode, response.Headers.ToString(), await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            _listening.TrySetException(new InvalidOperationException("The API ended before it listened:\n" + _output));
        else if (line.Contains(Greeting, StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line[(line.IndexOf(Greeting, StringComparison.Ordinal) + Greeting.Length)..].Trim()));
        else if (!_listening.Task.IsCompleted)
            _output.AppendLine(line);
    }
}
