using IntrospectionAuth.Http;

namespace IntrospectionAuth;

/// <summary>A value that is fetched once for every caller that waits for it, and kept.</summary>
/// <remarks>
/// <para>
/// Without a value, the first caller starts a fetch, and every caller that comes while it runs waits for the same fetch. A failure is
/// returned to all of them and not kept: the next caller fetches again.
/// </para>
/// <para>
/// With a value, callers get it at once. The first use after <see cref="Interval"/>, or after <see cref="RetryInterval"/> if the value is
/// in doubt, starts a fetch in the background. If that fails, the value stays in use, and the next fetch starts after
/// <see cref="RetryInterval"/> at the earliest.
/// </para>
/// <para>A caller for which the value did not work waits for a new one: at most one fetch in <see cref="RetryInterval"/>.</para>
/// <para>
/// A fetch belongs to no request: a caller that stops waiting cancels nothing, and no execution context of a request reaches the fetch. The
/// timeout of a fetch and its retries are those of <see cref="ServerFetch"/>.
/// </para>
/// </remarks>
/// <typeparam name="T">The result of a fetch, successful or not.</typeparam>
/// <param name="fetch">Fetches; gets the current options and the value that is kept.</param>
/// <param name="isGood">Whether a result is a value to keep, not a failure.</param>
/// <param name="fail">Turns what the fetch throws into a result, so that every fetch ends.</param>
internal sealed class Remembered<T>(Func<OAuthIntrospectionOptions, T?, Task<T>> fetch, Func<T, bool> isGood, Func<Exception, T> fail)
    where T : class
{
    private readonly Lock _lock = new();
    private T? _known;
    private T? _failed;
    private Task<T>? _fetching;
    private long _fetchedAt; // a timestamp: a clock that is set back does not make a value last longer
    private long? _renewedAt;
    private TimeSpan _dueAfter;

    /// <summary>How long a value is current.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.MaxValue;

    /// <summary>The shortest time between two fetches when the first failed, or its value is in doubt or did not work.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failed fetch is the result for further callers, instead of another fetch.</summary>
    public TimeSpan FailureInterval { get; init; } = TimeSpan.Zero;

    /// <summary>Whether a value that was fetched within <see cref="RetryInterval"/> for any reason counts as renewed.</summary>
    public bool EveryFetchRenews { get; init; }

    /// <summary>The kept value; if there is none, the result of the last fetch. Null before the first. It starts no fetch.</summary>
    public T? Latest
    {
        get
        {
            lock (_lock)
                return _known ?? _failed;
        }
    }

    /// <summary>Called before each fetch.</summary>
    public Action OnBegin { get; init; } = static () => { };

    /// <summary>Called with the previous and the new value, before any waiting caller gets the new one.</summary>
    public Action<T?, T> OnFetched { get; init; } = static (_, _) => { };

    /// <summary>Called with the kept value and the failure, before any waiting caller gets the failure.</summary>
    public Action<T?, T> OnFailed { get; init; } = static (_, _) => { };

    /// <summary>Whether there is a value, so that callers do not wait.</summary>
    public bool IsKnown
    {
        get
        {
            lock (_lock)
                return _known is not null;
        }
    }

    /// <summary>The kept value; if there is none, the result of a fetch.</summary>
    /// <param name="options">The current options.</param>
    /// <param name="accepts">Whether the kept value is acceptable; one that is not is dropped.</param>
    public Task<T> FindAsync(OAuthIntrospectionOptions options, Func<T, bool>? accepts = null)
    {
        TimeProvider time = options.Clock;
        lock (_lock)
        {
            if (_known is not null && accepts?.Invoke(_known) == false)
                _known = null;
            if (_known is null && _fetching is null && _failed is not null && time.GetElapsedTime(_fetchedAt) < FailureInterval)
                return Task.FromResult(_failed);
            if (_known is null || (_fetching is null && time.GetElapsedTime(_fetchedAt) >= _dueAfter))
                _fetching ??= Begin(options, time);

            return _known is null ? _fetching! : Task.FromResult(_known);
        }
    }

    /// <summary>Fetches again, because the kept value did not work.</summary>
    /// <returns>The result of the fetch; the same value if it was renewed within <see cref="RetryInterval"/>.</returns>
    public Task<T> RenewAsync(OAuthIntrospectionOptions options, T tried)
    {
        TimeProvider time = options.Clock;
        lock (_lock)
        {
            if (_known is not null && _known != tried)
                return Task.FromResult(_known); // Another caller has renewed it.
            if (_fetching is not null)
                return _fetching;
            if (_renewedAt is { } renewedAt && time.GetElapsedTime(renewedAt) < RetryInterval)
                return Task.FromResult(tried);

            _renewedAt = time.GetTimestamp();
            return _fetching = Begin(options, time);
        }
    }

    /// <summary>Records that the kept value may be out of date.</summary>
    public void Doubt()
    {
        lock (_lock)
        {
            if (_dueAfter > RetryInterval)
                _dueAfter = RetryInterval;
        }
    }

    private Task<T> Begin(OAuthIntrospectionOptions options, TimeProvider time)
    {
        OnBegin();
        if (EveryFetchRenews)
            _renewedAt = time.GetTimestamp();

        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        BackgroundWork.Start(
            (Self: this, options, time, known: _known, completion),
            static state => state.Self.RunAsync(state.options, state.time, state.known, state.completion)
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
            _known = isFound ? result : _known;
            _failed = isFound ? null : result;
            _dueAfter = isFound ? Interval : RetryInterval;
            _fetchedAt = time.GetTimestamp();
            _fetching = null;
        }

        try
        {
            (isFound ? OnFetched : OnFailed)(before, result);
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
