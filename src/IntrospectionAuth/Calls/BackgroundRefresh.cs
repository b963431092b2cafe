using System.Threading.RateLimiting;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Calls;

/// <summary>Asks again about tokens in use before anybody has to wait for it.</summary>
internal sealed class BackgroundRefresh(
    SharedCalls calls,
    IntrospectionMetrics metrics,
    RareMessages rare,
    ILogger<BackgroundRefresh> logger
)
{
    /// <summary>Begins, and returns at once. The caller has made sure that nobody else does by <see cref="CacheEntry.TryBeginRefresh"/>.</summary>
    public void Begin(SchemeServer server, CacheEntry answer, string token)
    {
        RateLimitLease? place = server.Guard.Limiter.TryEnterRefresh();
        SharedCall? call = place is null ? null : calls.TryAnnounce(server, answer.Key, token);
        if (call is null)
        {
            // Too many are refreshed already, or somebody asks about this token anyway: a later use sees to it.
            place?.Dispose();
            answer.PostponeRefresh(server.Now);
            return;
        }

        // Unsafe: it has nothing of the request, neither services nor execution context.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.call, state.answer, state.place),
            (Self: this, call, answer, place),
            preferLocal: false
        );
    }

    private async Task RunAsync(SharedCall call, CacheEntry answer, RateLimitLease? place)
    {
        using (place)
            await calls.RunAsync(call, demand: TimeSpan.Zero, isRefresh: true);

        // Mostly the answer has been replaced. Where it has not, because the server cannot answer or the new answer must not be kept, it is tried again.
        answer.PostponeRefresh(call.Server.Now + Unavailability.DefaultRetryAfter);

        if (call.Task.Exception is { } exception)
        {
            if (rare.IsDue(call.Server.Name, nameof(Log.RefreshFailed), call.Server.Time, out long suppressed))
                logger.RefreshFailed(call.Server.Name, suppressed, exception.InnerException!);
            metrics.RefreshFailed(call.Server.Name, exception.InnerException!);
            return;
        }

        IntrospectionResult result = await call.Task;
        metrics.Refreshed(call.Server.Name, result.OutcomeName, result.Unavailability?.ErrorType);
        if (result.Unavailability is { } unavailability)
            answer.PostponeRefresh(call.Server.Now + unavailability.RetryAfter);
    }
}
