namespace IntrospectionAuth.SharedCache;

/// <summary>Reads a feed within a time limit, and restarts its numbers when the engine has lost messages.</summary>
internal sealed class FeedReader(IFleetEngine engine, string feed, TimeProvider time)
{
    // Numbers are Unix times in microseconds and a little more, unless someone else has set them. Sums with them must not overflow.
    private const long PositionLimit = 1L << 62;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_timeoutOfFirstReading = TimeSpan.FromSeconds(10);

    private bool _needsRestart;
    private bool _needsWholeFeed = true;
    private long _highest; // the highest number that was ever read

    /// <summary>The latest reading that was applied; null before the first one.</summary>
    public FeedReading? Latest { get; private set; }

    public async Task<FeedReading> ReadAsync(CancellationToken stopping)
    {
        bool needsWholeFeed = _needsWholeFeed;
        _needsWholeFeed = true; // after a failure there may be more to read than usual
        if (_needsRestart)
            _needsRestart = !await RunAsync(it => engine.RestartAsync(feed, Latest!.Position, _highest, it), s_timeout, stopping);

        TimeSpan timeout = needsWholeFeed ? s_timeoutOfFirstReading : s_timeout;
        FeedReading reading = await RunAsync(it => engine.ReadAsync(feed, Latest, it), timeout, stopping);
        return reading.Position is >= 0 and < PositionLimit
            ? reading
            : throw new InvalidDataException(
                $"The feed '{feed}' has the number {reading.Position}, which no node has given. Delete its keys in the engine."
            );
    }

    /// <summary>Whether a reading has numbers that were read before and may have belonged to other messages.</summary>
    public bool RepeatsNumbers(FeedReading reading) => reading.IsOther || reading.Position < _highest;

    public void Applied(FeedReading reading)
    {
        // When another node has restarted the numbers, a gap follows. If that node knew lower ones alone, this one restarts them again.
        _needsRestart = RepeatsNumbers(reading) || (_needsRestart && !reading.HasGap);
        _highest = Math.Max(_highest, reading.Position);
        _needsWholeFeed = false;
        Latest = reading;
    }

    private Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> run, TimeSpan timeout, CancellationToken stopping) =>
        TimeLimited.RunAsync(run, timeout, time, stopping);
}
