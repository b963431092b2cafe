using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>The processor time of a thread or a process, in nanoseconds.</summary>
/// <remarks>.NET reports that of a process in steps of 10 milliseconds.</remarks>
internal static class ProcessorTime
{
    private const int CurrentThread = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int ScheduledTime = 2; // CPUCLOCK_SCHED, of a process clock

    public static bool IsAvailable => OperatingSystem.IsLinux();

    public static long OfCurrentThread() => Read(CurrentThread);

    /// <summary>All threads of a process, the ended ones included.</summary>
    public static long Of(Process process)
    {
        if (IsAvailable)
            return Read((~process.Id << 3) | ScheduledTime); // what clock_getcpuclockid(3) returns

        process.Refresh();
        return (long)process.TotalProcessorTime.TotalNanoseconds;
    }

    private static long Read(int clock) =>
        GetTime(clock, out TimeSpecification time) == 0
            ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
            : throw new InvalidOperationException("The system does not provide this processor time.");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification
    {
        public readonly nint Seconds;

        public readonly nint Nanoseconds;
    }
}
