using System.Diagnostics;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>A sample as a process, started in another directory.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private SampleProcess(Process process) => _process = process;

    /// <summary>The output until the process was ready.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The address in the output.</summary>
    public string Address => _lines.Single(line => line.StartsWith("Open ", StringComparison.Ordinal))["Open ".Length..];

    public static async Task<SampleProcess> StartAsync(TimeSpan? maximumAge = null, string sample = "Quickstart")
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { PathOf(sample), "--urls", "http://127.0.0.1:0" },
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
        if (maximumAge is { } age)
            start.ArgumentList.Add($"--Authentication:Schemes:OAuthIntrospection:Cache:MaximumAge={age:c}");

        var process = new SampleProcess(Process.Start(start)!);
        try
        {
            await process.ReadGuideAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadGuideAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        while (!_lines.Contains("Press Ctrl+C to stop.", StringComparer.Ordinal))
        {
            _lines.Add(
                await _process.StandardOutput.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException("The sample ended: " + string.Join(Environment.NewLine, _lines))
            );
        }

        // Further output is read too, because the process would block on a full pipe.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
    }

    /// <summary>Uses the configuration of the tests: …/tests/IntrospectionAuth.Tests/bin/Release/net10.0.</summary>
    private static string PathOf(string sample)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string repository = Path.Combine(output.FullName, "../../../../..");
        return Path.GetFullPath(Path.Combine(repository, "samples", sample, "bin", output.Parent!.Name, output.Name, sample + ".dll"));
    }
}
