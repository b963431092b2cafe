using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>A process that a test starts. It ends with the test, even if the test host crashes.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60); // generous, for a busy machine

    // Runs the command and watches standard input, a pipe from the test host. The command is killed when the pipe closes.
    // The command begins with env, because sh drops variables with invalid names: Logging__LogLevel__Microsoft.AspNetCore.
    private const string Watchdog = """
        exec 3<&0
        "$0" "$@" 3<&- & command=$!
        { read -r _ <&3; kill -9 $command; } >/dev/null 2>&1 & watchdog=$!
        wait $command; status=$?
        kill $watchdog
        exit $status
        """;

    private readonly Process _process;
    private readonly Regex _readyLine;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ProcessStartInfo start, Regex readyLine)
    {
        _readyLine = readyLine;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything that the process has written to its standard output and error.</summary>
    public OutputLog Output { get; } = new();

    /// <summary>The ids of the command, and of the shell that watches it. On Linux only.</summary>
    public IEnumerable<int> Ids =>
        File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .Append(_process.Id);

    /// <summary>Starts a process without the test host's own settings: no proxy, no URLs, no scheme.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingDirectory">Its working directory.</param>
    /// <param name="environment">Environment variables beyond the inherited ones.</param>
    /// <param name="readyLine">The line that the process writes when it is ready. The group "url" is its URL.</param>
    public static ChildProcess Start(
        string file,
        string[] arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string> environment,
        Regex readyLine
    )
    {
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new(file, arguments)
            : new(
                "/bin/sh",
                ["-c", Watchdog, "env", .. environment.Select(variable => $"{variable.Key}={variable.Value}"), file, .. arguments]
            );
        start.WorkingDirectory = workingDirectory;
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;

        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray())
            start.Environment.Remove(name);
        // No process lives long enough here to earn back the profile-guided compilation, a sixth of its processor time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        return new ChildProcess(start, readyLine);
    }

    /// <returns>The URL where the process listens.</returns>
    public async Task<string> WaitUntilReadyAsync()
    {
        Task exit = _process.WaitForExitAsync();
        Task first = await Task.WhenAny(_ready.Task, exit).WaitAsync(s_limit, TimeProvider.System);
        return first == exit
            ? throw new InvalidOperationException($"The process ended instead of listening:\n{Output.Text}")
            : await _ready.Task;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_limit, TimeProvider.System); // includes the end of the output
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Authentication_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging_", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase)
        || name.Equals("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase);

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not { } line)
            return;

        Output.AddLine(line);
        if (_readyLine.Match(line) is { Success: true } match)
            _ready.TrySetResult(match.Groups["url"].Value);
    }
}
