using System.Globalization;
using System.Runtime.InteropServices;

namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>Describes the machine and the run.</summary>
internal static class Machine
{
    public static void Describe(FigureSet figures, string mode)
    {
        figures.Notes["mode"] = mode;
        figures.Notes["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        figures.Notes["processor"] = Processor();
        figures.Notes["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        figures.Notes["runtime"] = RuntimeInformation.FrameworkDescription;
        figures.Notes["system"] = RuntimeInformation.OSDescription;
    }

    /// <summary>The load average of the last minute, this program included.</summary>
    public static double Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
