using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Discovery;

/// <summary>What is known of one authorization server: found by one search for everybody who waits, and looked after behind the requests' backs.</summary>
/// <param name="search">Looks for the metadata; whether it is a refresh is told.</param>
/// <param name="noteChange">Called with the metadata before and after, when something was found.</param>
internal sealed class DiscoveredServer(
    Func<OAuthIntrospectionOptions, bool, Task<DiscoveryResult>> search, Action<ServerMetadata?, ServerMetadata> noteChange)
{
    /// <summary>How long metadata is taken for current.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    /// <summary>How long it takes at least from one search to the next, once metadata is there.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DiscoveryResult? _known;
    private Task<DiscoveryResult>? _searching;
    private long _searchedAt; // timestamp: no clock that is set back makes metadata last longer
    private TimeSpan _interval;

    /// <summary>What is known, at once; when nothing is, what the search brings.</summary>
    public Task<DiscoveryResult> FindAsync(OAuthIntrospectionOptions options)
    {
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        lock (_lock)
        {
            if (_known is null || (_searching is null && time.GetElapsedTime(_searchedAt) >= _interval))
                _searching ??= Begin(options, time, isRefresh: _known is not null);

            return _known is null ? _searching! : Task.FromResult(_known);
        }
    }

    /// <summary>The endpoint may have moved: it is looked for again at the next use, but not all the time.</summary>
    public void Doubt()
    {
        lock (_lock)
        {
            if (_interval > RetryInterval)
                _interval = RetryInterval;
        }
    }

    private Task<DiscoveryResult> Begin(OAuthIntrospectionOptions options, TimeProvider time, bool isRefresh)
    {
        // Unsafe: the search belongs to no request; whoever goes away cancels nothing.
        var completion = new TaskCompletionSource<DiscoveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.options, state.time, state.isRefresh, state.completion),
            (Self: this, options, time, isRefresh, completion),
            preferLocal: false);
        return completion.Task;
    }

    private async Task RunAsync(OAuthIntrospectionOptions options, TimeProvider time, bool isRefresh, TaskCompletionSource<DiscoveryResult> completion)
    {
        DiscoveryResult result = await SearchAsync(options, isRefresh);
        ServerMetadata? before;
        lock (_lock)
        {
            before = _known?.Metadata;
            if (result.Metadata is not null)
                _known = result;
            _interval = result.Metadata is null ? RetryInterval : Interval;
            _searchedAt = time.GetTimestamp();
            _searching = null;
        }

        try
        {
            if (result.Metadata is { } metadata)
                noteChange(before, metadata);
        }
        finally
        {
            completion.SetResult(result);
        }
    }

    /// <summary>Whatever a listener or logger of the application throws, the search ends, and the next one may begin.</summary>
    private async Task<DiscoveryResult> SearchAsync(OAuthIntrospectionOptions options, bool isRefresh)
    {
        try
        {
            return await search(options, isRefresh);
        }
        catch (Exception exception)
        {
            return DiscoveryResult.NotFound(new(UnavailableReason.Unreachable) { Exception = exception });
        }
    }
}
