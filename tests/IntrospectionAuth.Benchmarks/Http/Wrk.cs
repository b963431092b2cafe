using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>Runs the load generator wrk (https://github.com/wg/wrk).</summary>
internal static partial class Wrk
{
    public const int Threads = 2,
        Connections = 32;

    public static bool IsInstalled()
    {
        try
        {
            using Process process = Start(["-v"]);
            process.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    public static async Task<WrkResult> RunAsync(Uri address, string header, int seconds)
    {
        using Process process = Start([
            $"-t{Threads}",
            $"-c{Connections}",
            $"-d{seconds}s",
            "--latency",
            "-H",
            "Authorization: " + header,
            address.AbsoluteUri,
        ]);
        string report = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        if (
            process.ExitCode != 0
            || report.Contains("Non-2xx", StringComparison.Ordinal)
            || report.Contains("Socket errors", StringComparison.Ordinal)
        )
        {
            throw new InvalidOperationException("Not every response had status 200:\n" + report);
        }

        return new WrkResult(Read(RequestsPerSecond().Match(report)), (long)Read(Requests().Match(report)));
    }

    private static Process Start(IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo("wrk", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private static double Read(Match match) => double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"(?<number>\d+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();
}
