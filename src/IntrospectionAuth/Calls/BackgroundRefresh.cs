using System.Threading.RateLimiting;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Calls;

/// <summary>Asks again about tokens in use before anybody has to wait for it.</summary>
internal sealed class BackgroundRefresh(
    SharedCalls calls,
    GuardedClient client,
    IntrospectionMetrics metrics,
    RareMessages rare,
    ILogger<BackgroundRefresh> logger
)
{
    /// <summary>Begins, and returns at once. The caller has made sure that nobody else does by <see cref="CacheEntry.TryBeginRefresh"/>.</summary>
    public void Begin(string scheme, OAuthIntrospectionOptions options, CacheEntry answer, string token)
    {
        RateLimitLease? place = client.GetGuard(scheme, options).Limiter.TryEnterRefresh();
        SharedCall? call = place is null ? null : calls.TryAnnounce(scheme, answer.Key, token);
        if (call is null)
        {
            // Too many are refreshed already, or somebody asks about this token anyway: a later use sees to it.
            place?.Dispose();
            answer.PostponeRefresh(options.Now);
            return;
        }

        // Unsafe: it has nothing of the request, neither services nor execution context.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.call, state.options, state.answer, state.place),
            (Self: this, call, options, answer, place),
            preferLocal: false
        );
    }

    private async Task RunAsync(SharedCall call, OAuthIntrospectionOptions options, CacheEntry answer, RateLimitLease? place)
    {
        using (place)
            await calls.RunAsync(call, options, demand: TimeSpan.Zero, isRefresh: true);

        // Mostly the answer has been replaced. Where it has not, because the server cannot answer or the new answer must not be kept, it is tried again.
        answer.PostponeRefresh(options.Now + RetryAfterReader.Default);

        if (call.Task.Exception is { } exception)
        {
            if (rare.IsDue(call.Scheme, nameof(Log.RefreshFailed), options.TimeProvider ?? TimeProvider.System, out long suppressed))
                logger.RefreshFailed(call.Scheme, suppressed, exception.InnerException!);
            metrics.RefreshFailed(call.Scheme, exception.InnerException!);
            return;
        }

        IntrospectionResult result = await call.Task;
        metrics.Refreshed(call.Scheme, result.OutcomeName, result.Unavailability?.ErrorType);
        if (result.Unavailability is { } unavailability)
            answer.PostponeRefresh(options.Now + unavailability.RetryAfter);
    }
}
