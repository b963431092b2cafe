namespace IntrospectionAuth.ServerKeys;

/// <summary>The keys at one URL: fetched once for everybody who waits, and looked after behind the requests' backs.</summary>
/// <param name="fetch">Fetches the keys; whether it does so while others are known is told.</param>
internal sealed class RememberedKeys(Func<OAuthIntrospectionOptions, bool, Task<KeySetReading>> fetch)
{
    /// <summary>How long keys are taken for current: the first use after that has them fetched anew, and those that are known serve until the fetch has succeeded.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>How long it takes at least from one fetch to the next that is made because no key fits, or because the last one failed.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private KeySetReading? _known;
    private Task<KeySetReading>? _fetching;
    private long _fetchedAt; // timestamps: no clock that is set back makes keys last longer
    private long? _renewedAt;
    private TimeSpan _interval;

    /// <summary>What is known, at once; when nothing is, what the fetch brings. A failure is not remembered.</summary>
    public Task<KeySetReading> FindAsync(OAuthIntrospectionOptions options)
    {
        TimeProvider time = TimeOf(options);
        lock (_lock)
        {
            if (_known is null || (_fetching is null && time.GetElapsedTime(_fetchedAt) >= _interval))
                _fetching ??= Begin(options, time);

            return _known is null ? _fetching! : Task.FromResult(_known);
        }
    }

    /// <summary>Fetches the keys anew, because none of those that are known fits: together with everybody else, and at most once a minute.</summary>
    /// <returns>What the fetch brings; what was tried, when it was made lately.</returns>
    public Task<KeySetReading> RenewAsync(OAuthIntrospectionOptions options, KeySetReading tried)
    {
        TimeProvider time = TimeOf(options);
        lock (_lock)
        {
            if (_known is not null && _known != tried)
                return Task.FromResult(_known); // somebody else was faster
            if (_fetching is not null)
                return _fetching;
            if (_renewedAt is { } renewedAt && time.GetElapsedTime(renewedAt) < RetryInterval)
                return Task.FromResult(tried);

            _renewedAt = time.GetTimestamp();
            return _fetching = Begin(options, time);
        }
    }

    private static TimeProvider TimeOf(OAuthIntrospectionOptions options) => options.TimeProvider ?? TimeProvider.System;

    private Task<KeySetReading> Begin(OAuthIntrospectionOptions options, TimeProvider time)
    {
        // Unsafe: the fetch belongs to no request; whoever goes away cancels nothing.
        var completion = new TaskCompletionSource<KeySetReading>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.options, state.time, state.hasKnown, state.completion),
            (Self: this, options, time, hasKnown: _known is not null, completion),
            preferLocal: false);
        return completion.Task;
    }

    private async Task RunAsync(OAuthIntrospectionOptions options, TimeProvider time, bool hasKnown, TaskCompletionSource<KeySetReading> completion)
    {
        KeySetReading reading = await FetchAsync(options, hasKnown);
        lock (_lock)
        {
            if (reading.Keys is not null)
                _known = reading;
            _interval = reading.Keys is null ? RetryInterval : Interval;
            _fetchedAt = time.GetTimestamp();
            _fetching = null;
        }

        completion.SetResult(reading);
    }

    /// <summary>Whatever a logger of the application throws, the fetch ends, and the next one may begin.</summary>
    private async Task<KeySetReading> FetchAsync(OAuthIntrospectionOptions options, bool hasKnown)
    {
        try
        {
            return await fetch(options, hasKnown);
        }
        catch (Exception exception)
        {
            return KeySetReading.Unreachable(exception);
        }
    }
}
