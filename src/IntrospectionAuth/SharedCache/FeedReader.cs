namespace IntrospectionAuth.SharedCache;

/// <summary>Reads a feed within a time limit, and restarts its numbers when the engine has lost messages.</summary>
internal sealed class FeedReader(IFleetEngine engine, string feed, TimeProvider time)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_timeoutOfFirstReading = TimeSpan.FromSeconds(10);

    private bool _needsRestart;
    private bool _needsWholeFeed = true;

    /// <summary>The latest reading that was applied; null before the first one.</summary>
    public FeedReading? Latest { get; private set; }

    public async Task<FeedReading> ReadAsync(CancellationToken stopping)
    {
        bool needsWholeFeed = _needsWholeFeed;
        _needsWholeFeed = true; // after a failure there may be more to read than usual
        if (_needsRestart)
            _needsRestart = !await RunAsync(it => engine.RestartAsync(feed, Latest!.Position, it), s_timeout, stopping);

        TimeSpan timeout = needsWholeFeed ? s_timeoutOfFirstReading : s_timeout;
        return await RunAsync(it => engine.ReadAsync(feed, Latest, it), timeout, stopping);
    }

    public void Applied(FeedReading reading)
    {
        _needsRestart = reading.IsOther || (_needsRestart && !reading.HasGap); // a gap follows when any node has restarted the numbers
        _needsWholeFeed = false;
        Latest = reading;
    }

    private Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> run, TimeSpan timeout, CancellationToken stopping) =>
        TimeLimited.RunAsync(run, timeout, time, stopping);
}
