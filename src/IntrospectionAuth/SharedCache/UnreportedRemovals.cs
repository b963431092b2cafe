using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// The removals that the engine did not have yet when their feed ended: a tenant may end, or a reload replace a secret, during an outage.
/// </summary>
/// <remarks>
/// The next feed of the secret takes them over, so that they take effect on the shared entries that its tenant uses. Until there is one,
/// they are appended here.
/// </remarks>
internal sealed class UnreportedRemovals(TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly List<RemovalFeed> _feeds = [];
    private readonly Dictionary<long, FeedAppender> _left = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _appending = Task.CompletedTask;
    private bool _isAppending;
    private bool _hasStopped;

    /// <summary>Gives a new feed what an earlier one of its secret has not appended, even if that one has not ended yet.</summary>
    public void Begin(RemovalFeed feed)
    {
        lock (_lock)
        {
            List<Removal> unreported = [.. Others(feed).SelectMany(static it => it.Unreported)];
            if (_left.Remove(feed.Secret.Id, out FeedAppender? left))
                unreported.AddRange(left.Unreported);
            foreach (Removal removal in unreported)
                feed.Append(removal);
            _feeds.Add(feed);
        }
    }

    /// <summary>Keeps what a feed that has ended did not append.</summary>
    public void End(RemovalFeed feed)
    {
        lock (_lock)
        {
            _feeds.Remove(feed);
            IReadOnlyList<Removal> unreported = feed.Unreported;
            if (unreported.Count == 0 || _hasStopped)
                return;

            RemovalFeed? next = Others(feed).FirstOrDefault();
            if (next is null && !_left.ContainsKey(feed.Secret.Id))
                _left[feed.Secret.Id] = feed.CreateAppender();
            foreach (Removal removal in unreported)
            {
                if (next is not null)
                    next.Append(removal);
                else
                    _left[feed.Secret.Id].Add(removal);
            }

            if (next is not null || _isAppending)
                return;

            _isAppending = true;
            using (ExecutionContext.SuppressFlow()) // the work belongs to no request
                _appending = Task.Run(AppendAsync);
        }
    }

    /// <summary>Ends the work, after a last attempt.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_hasStopped)
                return;
            _hasStopped = true;
        }

        await _stopping.CancelAsync();
        await _appending;
        foreach (FeedAppender left in FindLeft())
        {
            if (!await TryAppendAsync(left))
                break; // the engine fails still, and the process is not to wait for every tenant
        }

        _stopping.Dispose();
    }

    private async Task AppendAsync()
    {
        while (FindLeft() is { Length: > 0 } all && !_stopping.IsCancellationRequested)
        {
            foreach (FeedAppender left in all.TakeWhile(_ => !_stopping.IsCancellationRequested))
                await TryAppendAsync(left);
            await Task.Delay(s_interval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> TryAppendAsync(FeedAppender left)
    {
        try
        {
            while (await left.AppendAsync()) { } // until nothing is pending, or the engine fails
        }
        catch (Exception)
        {
            // A logger may throw. The removals are pending still.
        }

        return left.Unreported.Count == 0;
    }

    /// <summary>Finds what is still to be appended. If that is nothing, the work has ended.</summary>
    private FeedAppender[] FindLeft()
    {
        lock (_lock)
        {
            foreach ((long secret, FeedAppender left) in _left)
            {
                if (left.Unreported.Count == 0)
                    _left.Remove(secret);
            }

            _isAppending = _left.Count > 0;
            return [.. _left.Values];
        }
    }

    private IEnumerable<RemovalFeed> Others(RemovalFeed feed) => _feeds.Where(it => it != feed && it.Secret.Id == feed.Secret.Id);
}
