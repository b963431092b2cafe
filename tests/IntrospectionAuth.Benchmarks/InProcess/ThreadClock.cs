using IntrospectionAuth.Benchmarks.Figures;
using Perfolizer.Horology;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Measures the processor time of the current thread, so that other load on the machine does not count.</summary>
/// <remarks>A warm hit never leaves its thread, and its garbage collection runs there too, so the measurement is complete.</remarks>
internal sealed class ThreadClock : IClock
{
    public string Title => "processor time of the thread";

    public bool IsAvailable => ProcessorTime.IsAvailable;

    public Frequency Frequency => new(1_000_000_000);

    /// <summary>This clock, or the best wall clock if this one is not available.</summary>
    public static IClock OrWallClock() => new ThreadClock() is { IsAvailable: true } clock ? clock : Chronometer.BestClock;

    public long GetTimestamp() => ProcessorTime.OfCurrentThread();
}
