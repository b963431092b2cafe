using System.Diagnostics;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>A program of the SDK or the installed tool, as a process.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly SignallingWriter _output = new();
    private readonly SignallingWriter _error = new();

    private ToolProcess(string program, string folder, IReadOnlyDictionary<string, string> variables, string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => _output.ToString();

    public static ToolProcess Start(string program, string folder, IReadOnlyDictionary<string, string> variables, params string[] args) =>
        new(program, folder, variables, args);

    public static async Task<ToolResult> RunAsync(
        string program,
        string folder,
        IReadOnlyDictionary<string, string> variables,
        params string[] args
    )
    {
        await using ToolProcess process = Start(program, folder, variables, args);
        process._process.StandardInput.Close();
        return await process.WaitForExitAsync();
    }

    public Task WaitForAsync(string text) => _output.WaitForAsync(text);

    public async Task<ToolResult> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience, TimeProvider.System);
        return new ToolResult(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    private static void Add(SignallingWriter writer, string? line)
    {
        if (line is not null)
            writer.WriteLine(line);
    }
}
