using System.Text.RegularExpressions;
using IntrospectionAuth.Tool.Commands;

namespace IntrospectionAuth.Tests.Tool;

/// <summary><c>serve</c> on a free port, in this process, until it is disposed.</summary>
internal sealed partial class RunningServe : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SignallingWriter _output = new();
    private readonly SignallingWriter _error = new();
    private readonly Task<int> _running;

    private RunningServe(ToolFolder folder, string[] args) =>
        _running = new ToolCommand(folder.CreateHost(_output, _error)).RunAsync(["serve", "--port", "0", .. args], _stopping.Token);

    /// <summary>The address, without a slash at its end.</summary>
    public string Url => Address().Match(_output.ToString()).Groups["url"].Value;

    public string Output => _output.ToString();

    public static async Task<RunningServe> StartAsync(ToolFolder folder, params string[] args)
    {
        var serve = new RunningServe(folder, args);
        await serve._output.WaitForAsync("Requests to this server:");
        return serve;
    }

    public Task WaitForAsync(string text) => _output.WaitForAsync(text);

    /// <summary>Ends it, as Ctrl+C does.</summary>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        return await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    [GeneratedRegex(@"listens on (?<url>\S+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
