using System.Collections.Concurrent;
using System.Diagnostics;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Notifications;

/// <summary>samples/Notifications as a process, with its log.</summary>
internal sealed class NotificationsProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NotificationsProcess(Process process) => _process = process;

    public Uri Address => Client.BaseAddress!;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>The log so far.</summary>
    public string Log => string.Join('\n', _lines);

    public static async Task<NotificationsProcess> StartAsync(FakeAuthorizationServer server, params string[] settings)
    {
        const string Section = "Authentication:Schemes:OAuthIntrospection";
        string program = PathOfTheProgram();
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                program,
                "--urls",
                "http://127.0.0.1:0",
                $"--{Section}:IntrospectionEndpoint",
                server.IntrospectionEndpoint,
                $"--{Section}:ClientId",
                server.ClientId,
                $"--{Section}:ClientSecret",
                server.ClientSecret,
            },
            WorkingDirectory = Path.GetDirectoryName(program),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
        };
        foreach (string setting in settings)
            start.ArgumentList.Add($"--{Section}:{setting}");

        var notifications = new NotificationsProcess(new Process { StartInfo = start });
        try
        {
            await notifications.ListenAsync();
            return notifications;
        }
        catch
        {
            await notifications.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client.BaseAddress = await _listening.Task.WaitAsync(s_patience, TimeProvider.System);
    }

    private void Read(string? line)
    {
        const string Listening = "Now listening on: ";
        _lines.Enqueue(line ?? "");
        if (line is null)
            _listening.TrySetException(new InvalidOperationException("The sample ended: " + Log));
        else if (line.Contains(Listening, StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()));
    }

    /// <summary>Uses the configuration of the tests: …/tests/IntrospectionAuth.Tests/bin/Release/net10.0.</summary>
    private static string PathOfTheProgram()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string repository = Path.Combine(output.FullName, "../../../../..");
        return Path.GetFullPath(
            Path.Combine(repository, "samples/Notifications/bin", output.Parent!.Name, output.Name, "Notifications.dll")
        );
    }
}
