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
        try
        {
            result = await guards.Get(scheme, options).CallAsync(
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
            bool stops = stopping.IsCancellationRequested;
            if (!stops)
                logger.TimedOut(scheme, options.Timeout.TotalSeconds);
            result = IntrospectionResult.Unavailable(
                time.GetUtcNow(), new(stops ? UnavailableReason.Stopped : UnavailableReason.TimedOut) { Exception = exception });
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
}
