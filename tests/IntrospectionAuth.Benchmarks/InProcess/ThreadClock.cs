using System.Runtime.InteropServices;
using Perfolizer.Horology;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>The processor time of the thread that asks: what others do on the machine meanwhile does not count.</summary>
/// <remarks>A warm hit never leaves its thread, and the collection of its garbage runs on it too, so that nothing of it is missed.</remarks>
internal sealed class ThreadClock : IClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    public string Title => "processor time of the thread";

    public bool IsAvailable => OperatingSystem.IsLinux();

    public Frequency Frequency => new(1_000_000_000);

    /// <summary>This clock, or the best of the wall clocks where there is none.</summary>
    public static IClock OrWallClock() => new ThreadClock() is { IsAvailable: true } clock ? clock : Chronometer.BestClock;

    public long GetTimestamp()
    {
        if (GetTime(ThreadProcessorTime, out TimeSpecification time) != 0)
            throw new InvalidOperationException("The system does not tell the processor time of a thread.");
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
