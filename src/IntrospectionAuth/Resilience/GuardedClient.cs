using IntrospectionAuth.Introspection;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Asks the authorization server within the total timeout, past the guard that stands before it.</summary>
internal sealed class GuardedClient(IntrospectionClient client, ServerGuards guards, IntrospectionMetrics metrics, ILogger<GuardedClient> logger)
{
    public ServerGuard GetGuard(string scheme, OAuthIntrospectionOptions options) => guards.Get(scheme, options);

    /// <returns>The result. Only what the event handler throws is thrown.</returns>
    public async Task<IntrospectionResult> IntrospectAsync(string scheme, OAuthIntrospectionOptions options, string token, CancellationToken stopping)
    {
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        long started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);

        IntrospectionResult result;
        bool isAsked = false;
        ServerGuard guard = guards.Get(scheme, options);
        try
        {
            result = await guard.CallAsync(
                async cancellation =>
                {
                    isAsked = true;
                    metrics.CallStarted(scheme);
                    try
                    {
                        return await client.IntrospectAsync(scheme, options, token, stopping, cancellation);
                    }
                    finally
                    {
                        metrics.CallEnded(scheme);
                    }
                },
                either.Token);
        }
        catch (OperationCanceledException exception) when (either.IsCancellationRequested)
        {
            result = stopping.IsCancellationRequested ? IntrospectionResult.Unavailable(time.GetUtcNow(), new(UnavailableReason.Stopped) { Exception = exception })
                : isAsked ? TimedOut(scheme, options, time, exception)
                : guard.CrowdedOut();
        }
        catch (Exception exception)
        {
            metrics.CallFailed(scheme, exception, time.GetElapsedTime(started));
            throw;
        }

        if (isAsked)
            metrics.CallMeasured(scheme, result.OutcomeName, result.Unavailability?.ErrorType, time.GetElapsedTime(started));
        else
            metrics.CallPrevented(scheme, result.Unavailability!.ErrorType);
        return result;
    }

    private IntrospectionResult TimedOut(string scheme, OAuthIntrospectionOptions options, TimeProvider time, Exception exception)
    {
        logger.TimedOut(scheme, options.Timeout.TotalSeconds);
        return IntrospectionResult.Unavailable(time.GetUtcNow(), new(UnavailableReason.TimedOut) { Exception = exception });
    }
}
