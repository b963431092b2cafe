using System.Threading.RateLimiting;

namespace IntrospectionAuth.Resilience;

/// <summary>Bounds the calls that are under way at the same time; who finds no place waits a moment.</summary>
internal sealed class CallLimiter : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _maximumWait;
    private readonly ConcurrencyLimiter _calls;
    private readonly ConcurrencyLimiter _refreshes;

    public CallLimiter(OAuthIntrospectionResilienceOptions options, TimeSpan timeout, TimeProvider time)
    {
        _time = time;

        // Who waited for longer would leave the server too little time to answer, and learn nothing about it: a crowd would hide that it hangs.
        _maximumWait = options.MaximumWait < timeout / 2 ? options.MaximumWait : timeout / 2;

        // Who waits is a request that is there anyway, or was: how long it waits is bounded, so how many do need not be.
        _calls = new(
            new()
            {
                PermitLimit = options.MaximumConcurrentCalls,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
        _refreshes = new(new() { PermitLimit = Math.Max(1, options.MaximumConcurrentCalls / 4), QueueLimit = 0 });
    }

    /// <returns>A place; null when there was none in time. Give it back by disposing of it.</returns>
    public async ValueTask<RateLimitLease?> EnterAsync(bool isRefresh, CancellationToken cancellationToken)
    {
        RateLimitLease lease = _calls.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        lease.Dispose();
        if (_maximumWait == TimeSpan.Zero && !isRefresh)
            return null;

        // Nobody waits for a refresh, so it may wait until the timeout: a flood must not keep a revoked token alive.
        using var patience = new CancellationTokenSource(isRefresh ? Timeout.InfiniteTimeSpan : _maximumWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            lease = await _calls.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>A place for a background refresh; null when there is none now. Give it back by disposing of it.</returns>
    public RateLimitLease? TryEnterRefresh()
    {
        RateLimitLease lease = _refreshes.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        lease.Dispose();
        return null;
    }

    public void Dispose()
    {
        _calls.Dispose();
        _refreshes.Dispose();
    }
}
