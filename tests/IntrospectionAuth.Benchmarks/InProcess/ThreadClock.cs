using System.Runtime.InteropServices;
using Perfolizer.Horology;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Measures the processor time of the current thread, so that other load on the machine does not count.</summary>
/// <remarks>A warm hit never leaves its thread, and its garbage collection runs there too, so the measurement is complete.</remarks>
internal sealed class ThreadClock : IClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    public string Title => "processor time of the thread";

    public bool IsAvailable => OperatingSystem.IsLinux();

    public Frequency Frequency => new(1_000_000_000);

    /// <summary>This clock, or the best wall clock if this one is not available.</summary>
    public static IClock OrWallClock() => new ThreadClock() is { IsAvailable: true } clock ? clock : Chronometer.BestClock;

    public long GetTimestamp()
    {
        if (GetTime(ThreadProcessorTime, out TimeSpecification time) != 0)
            throw new InvalidOperationException("The system does not provide the processor time of a thread.");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

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
