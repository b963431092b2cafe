namespace IntrospectionAuth.Http;

/// <summary>
/// A value that is fetched once for everyone who waits for it, and remembered. The fetch belongs to no request: a caller that goes away
/// cancels nothing.
/// </summary>
/// <typeparam name="T">What comes of a fetch, good or not.</typeparam>
/// <param name="fetch">Fetches; it is told what is known, which serves until the fetch has succeeded.</param>
/// <param name="isGood">Whether something is worth remembering. A failure is not: the next caller fetches again.</param>
/// <param name="fail">Makes a result of what the fetch throws: whatever a listener or logger of the application does, it ends, and the next
/// one may begin.</param>
internal sealed class Remembered<T>(Func<OAuthIntrospectionOptions, T?, Task<T>> fetch, Func<T, bool> isGood, Func<Exception, T> fail)
    where T : class
{
    private readonly Lock _lock = new();
    private T? _known;
    private Task<T>? _fetching;
    private long _fetchedAt; // timestamps: no clock that is set back makes a value last longer
    private long? _renewedAt;
    private TimeSpan _dueAfter;

    /// <summary>How long a value is taken for current: the first use after that has it fetched anew in the background.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.MaxValue;

    /// <summary>
    /// How long it takes at least from one fetch to the next, when that is made because the last one failed, or because the known value is
    /// in doubt.
    /// </summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Called when a fetch is about to begin.</summary>
    public Action OnBegin { get; init; } = static () => { };

    /// <summary>Called with the value before and the new one, before anybody who waits has it.</summary>
    public Action<T?, T> OnFetched { get; init; } = static (_, _) => { };

    /// <summary>What is known, at once; when nothing is, what the fetch brings.</summary>
    /// <param name="options">The options as they are now.</param>
    /// <param name="accepts">Whether the known value will do. One that will not is forgotten.</param>
    public Task<T> FindAsync(OAuthIntrospectionOptions options, Func<T, bool>? accepts = null)
    {
        TimeProvider time = TimeOf(options);
        lock (_lock)
        {
            if (_known is not null && accepts?.Invoke(_known) == false)
                _known = null;
            if (_known is null || (_fetching is null && time.GetElapsedTime(_fetchedAt) >= _dueAfter))
                _fetching ??= Begin(options, time);

            return _known is null ? _fetching! : Task.FromResult(_known);
        }
    }

    /// <summary>
    /// Fetches anew although something is known, because that did not help: together with everyone else, and at most once in
    /// <see cref="RetryInterval"/>.
    /// </summary>
    /// <returns>What the fetch brings; what was tried, when it was made lately.</returns>
    public Task<T> RenewAsync(OAuthIntrospectionOptions options, T tried)
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

    /// <summary>The known value may be out of date: it is fetched anew at the next use, but not all the time.</summary>
    public void Doubt()
    {
        lock (_lock)
        {
            if (_dueAfter > RetryInterval)
                _dueAfter = RetryInterval;
        }
    }

    private static TimeProvider TimeOf(OAuthIntrospectionOptions options) => options.TimeProvider ?? TimeProvider.System;

    private Task<T> Begin(OAuthIntrospectionOptions options, TimeProvider time)
    {
        OnBegin();

        // Unsafe: nothing of the request that happens to be first, neither its services nor its execution context, reaches the fetch.
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.options, state.time, state.known, state.completion),
            (Self: this, options, time, known: _known, completion),
            preferLocal: false
        );
        return completion.Task;
    }

    private async Task RunAsync(OAuthIntrospectionOptions options, TimeProvider time, T? known, TaskCompletionSource<T> completion)
    {
        T result = await FetchAsync(options, known);
        bool isFound = isGood(result);
        T? before;
        lock (_lock)
        {
            before = _known;
            if (isFound)
                _known = result;
            _dueAfter = isFound ? Interval : RetryInterval;
            _fetchedAt = time.GetTimestamp();
            _fetching = null;
        }

        try
        {
            if (isFound)
                OnFetched(before, result);
        }
        finally
        {
            completion.SetResult(result);
        }
    }

    private async Task<T> FetchAsync(OAuthIntrospectionOptions options, T? known)
    {
        try
        {
            return await fetch(options, known);
        }
        catch (Exception exception)
        {
            return fail(exception);
        }
    }
}
