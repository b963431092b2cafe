using System.Diagnostics;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>A sample as a process, started in another directory.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // …/tests/IntrospectionAuth.Integrations.Tests/bin/Release/net10.0
    private static readonly DirectoryInfo s_output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(s_output.FullName, "../../../../.."));

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
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
        };
        return Start(start, arguments, variables ?? []);
    }

    /// <summary>Runs a command of a page in the root of the repository, with what was built with these tests.</summary>
    /// <param name="shown">The command.</param>
    /// <param name="arguments">Further arguments for the sample.</param>
    public static SampleProcess Run(ShownCommand shown, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", shown.Arguments)
        {
            WorkingDirectory = Repository,
        };
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        return Start(start, ["--no-build", "--configuration", s_output.Parent!.Name, "--", .. arguments], shown.Variables);
    }

    /// <summary>The address in the log of a sample.</summary>
    public static Uri AddressIn(IEnumerable<string> lines)
    {
        string line = lines.Single(line => line.Contains(Listening, StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
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

    private static SampleProcess Start(
        ProcessStartInfo start,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> variables
    )
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.Environment["DOTNET_TieredPGO"] = "0"; // does not earn back its time here
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Uses the configuration of the tests.</summary>
    private static string PathOf(string sample) =>
        Path.Combine(Repository, "samples", sample, "bin", s_output.Parent!.Name, s_output.Name, Path.GetFileName(sample) + ".dll");
}
