using System.Threading.RateLimiting;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Calls;

/// <summary>Introspects tokens in use again before their entries become stale, while no request waits.</summary>
internal sealed class BackgroundRefresh(
    InFlightCalls calls,
    CallRunner runner,
    IntrospectionMetrics metrics,
    RareMessages rare,
    ILogger<BackgroundRefresh> logger
)
{
    /// <summary>Begins a refresh for the caller to which <see cref="CacheEntry.TryBeginRefresh"/> has returned true.</summary>
    public void Begin(SchemeServer server, CacheEntry entry, string token)
    {
        RateLimitLease? lease = server.Guard.Limiter.TryEnterRefresh();
        InFlightCall? call = lease is null ? null : calls.TryAddRefresh(server, entry, token);
        if (call is null)
        {
            // There are too many refreshes, or a call about this token is in flight. A later use of the entry tries again.
            lease?.Dispose();
            entry.PostponeRefresh(server.Now, TimeSpan.Zero);
            return;
        }

        BackgroundWork.Start((Self: this, call, lease), static it => it.Self.RunAsync(it.call, it.lease));
    }

    private async Task RunAsync(InFlightCall call, RateLimitLease? lease)
    {
        using (lease)
            await runner.RunAsync(call, requiredFreshness: TimeSpan.Zero);

        string scheme = call.Server.Name;
        if (call.Task.Exception?.InnerException is { } exception)
        {
            if (rare.IsDue(scheme, nameof(Log.RefreshFailed), call.Server.Time, out long suppressed))
                logger.RefreshFailed(scheme, suppressed, exception);
            metrics.RefreshFailed(scheme, exception);
            return;
        }

        IntrospectionResult result = await call.Task;
        metrics.Refreshed(scheme, result.OutcomeName, result.Unavailability?.ErrorType);
    }
}
