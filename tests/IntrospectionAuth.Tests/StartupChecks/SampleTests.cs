using System.Diagnostics;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>The checks at startup find nothing in the samples.</summary>
public sealed class SampleTests
{
    private const string Settings = "--Authentication:Schemes:OAuthIntrospection:";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Api")]
    [InlineData("Notifications")]
    [InlineData("Quickstart")]
    public async Task A_sample_starts_without_a_warning(string sample)
    {
        List<string> lines = await StartAsync(sample);

        Assert.DoesNotContain(lines, line => line.Contains("IntrospectionAuth.StartupChecks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sample_that_has_a_finding_shows_it_in_its_output()
    {
        List<string> lines = await StartAsync("Api", Settings + "Resource=https://api.example.com");

        Assert.Contains(lines, line => line.Contains("IntrospectionAuth.StartupChecks", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("ResourceWithoutAudiences", StringComparison.Ordinal));
    }

    /// <summary>Starts a sample, and stops it when it has started.</summary>
    /// <returns>Its output until then. The console logger writes in order, so nothing earlier is missing.</returns>
    private static async Task<List<string>> StartAsync(string sample, params string[] settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                PathOf(sample),
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Information",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
                Settings + "IntrospectionEndpoint=https://auth.example.com/introspect",
                Settings + "ClientId=api",
                Settings + "ClientSecret=not-used-by-this-test",
            },
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
        };
        foreach (string setting in settings)
            start.ArgumentList.Add(setting);

        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        using Process process = Process.Start(start)!;
        try
        {
            var lines = new List<string>();
            do
            {
                lines.Add(
                    await process.StandardOutput.ReadLineAsync(patience.Token)
                        ?? throw new InvalidOperationException("The sample ended: " + string.Join(Environment.NewLine, lines))
                );
            } while (!lines[^1].Contains("Application started", StringComparison.Ordinal));

            return lines;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Uses the configuration of the tests: …/tests/IntrospectionAuth.Tests/bin/Release/net10.0.</summary>
    private static string PathOf(string sample)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string repository = Path.Combine(output.FullName, "../../../../..");
        return Path.GetFullPath(Path.Combine(repository, "samples", sample, "bin", output.Parent!.Name, output.Name, sample + ".dll"));
    }
}
