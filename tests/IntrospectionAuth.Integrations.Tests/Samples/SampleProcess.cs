using System.Diagnostics;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>A sample as a process, started in another directory.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    /// <param name="sample">The folder below samples.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="variables">Environment variables.</param>
    public static SampleProcess Start(
        string sample,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? variables = null
    )
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { PathOf(sample) },
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["DOTNET_TieredPGO"] = "0", // does not earn back its time here
            },
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in variables ?? [])
            start.Environment[name] = value;
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>The output until a line with the text, or until the end of the process if there is no text.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string? until = null)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            lines.Add(line);
            if (until is not null && line.Contains(until, StringComparison.Ordinal))
            {
                // Further output is read too, because the process would block on a full pipe.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return lines;
            }
        }

        return until is null ? lines : throw new InvalidOperationException("The sample ended: " + string.Join(Environment.NewLine, lines));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Uses the configuration of the tests: …/tests/IntrospectionAuth.Integrations.Tests/bin/Release/net10.0.</summary>
    private static string PathOf(string sample)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(output.FullName, "../../../../../samples", sample);
        return Path.GetFullPath(Path.Combine(folder, "bin", output.Parent!.Name, output.Name, Path.GetFileName(sample) + ".dll"));
    }
}
