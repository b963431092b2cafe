using System.Net;
using System.Threading.RateLimiting;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.Server;

/// <summary>Introspects a token at the authorization server. The methods are in the order of the steps.</summary>
internal sealed class ServerIntrospector(
    IntrospectionClient client,
    ServerDiscovery discovery,
    IntrospectionMetrics metrics,
    RareMessages rare,
    ILogger<ServerIntrospector> logger
)
{
    /// <returns>The result. Only exceptions of the application's event handlers are thrown.</returns>
    public async Task<IntrospectionResult> IntrospectAsync(SchemeServer server, IntrospectionCall call)
    {
        try
        {
            IntrospectionResult result = await CallAsync(server, call);
            result.Exchanges = call.Exchanges;
            if (call.IsAttempted)
                metrics.CallMeasured(server.Name, result.OutcomeName, result.Unavailability?.ErrorType, call.Elapsed);
            else
                metrics.CallPrevented(server.Name, result.Unavailability!.ErrorType);
            return result;
        }
        catch (Exception exception)
        {
            metrics.CallFailed(server.Name, exception, call.Elapsed);
            throw;
        }
    }

    /// <summary>Makes the call if the server may be called now, and records the result.</summary>
    private async Task<IntrospectionResult> CallAsync(SchemeServer server, IntrospectionCall call)
    {
        ServerGuard guard = server.Guard;
        try
        {
            if (guard.FindBackOff() is { } backOff)
                return call.Unavailable(backOff);

            using RateLimitLease? place = await guard.Limiter.EnterAsync(call.IsRefresh, call.CancellationToken);
            if (place is null)
                return TooManyCalls(server, call);

            // Checked again: while this call was queued, a response to another one may have requested a back-off.
            if (guard.FindBackOff() is { } newBackOff)
                return call.Unavailable(newBackOff);

            IntrospectionResult result = await guard.Breaker.ExecuteAsync(() => AttemptAsync(server, call), call.CancellationToken);
            guard.Record(result);
            return result;
        }
        catch (BrokenCircuitException exception)
        {
            return call.Unavailable(guard.Breaker.Describe(exception));
        }
        catch (OperationCanceledException exception) when (call.HasEnded)
        {
            // The timeout has passed before the first attempt.
            return call.Stopping.IsCancellationRequested
                ? call.Unavailable(new(UnavailableReason.Stopped) { Exception = exception })
                : TooManyCalls(server, call);
        }
    }

    private async Task<IntrospectionResult> AttemptAsync(SchemeServer server, IntrospectionCall call)
    {
        call.BeginAttempt();
        metrics.CallStarted(server.Name);
        try
        {
            IntrospectionResult result = await DiscoverAsync(server, call) ?? await SendWithRenewalAsync(server, call);
            return FindTimeoutCause(server, call, result);
        }
        finally
        {
            metrics.CallEnded(server.Name);
        }
    }

    /// <returns>A result when the endpoint or the keys are not found; otherwise null.</returns>
    private async Task<IntrospectionResult?> DiscoverAsync(SchemeServer server, IntrospectionCall call)
    {
        if (!call.Options.NeedsMetadata)
            return null;

        Outcome<ServerMetadata> discovered = await discovery.FindAsync(server.Scheme, call.Stopping, call.CancellationToken);
        call.Metadata = discovered.Value;
        return discovered.Unavailability is { } notFound ? call.Unavailable(notFound) : null;
    }

    /// <summary>Sends the token, and once more if the credential is rejected and there is another one.</summary>
    private async Task<IntrospectionResult> SendWithRenewalAsync(SchemeServer server, IntrospectionCall call)
    {
        var credential = new CallCredential();
        IntrospectionResult result = await SendAsync(server, call, credential);

        if (IsRejection(call, result) && await server.Guard.Renewal.FindNextAsync(credential, call.CancellationToken) is { } next)
        {
            credential = next;
            IntrospectionResult repeated = await SendAsync(server, call, credential);
            result = credential.IsRefusedOne ? result : repeated;
        }

        result = server.Guard.Evidence.Judge(result, credential.Used, call.IsProbe);
        if (call.Metadata is not null && result.Unavailability is { QuestionsMetadata: true })
            discovery.Doubt(server.Scheme);
        return result;
    }

    private async Task<IntrospectionResult> SendAsync(SchemeServer server, IntrospectionCall call, CallCredential credential)
    {
        try
        {
            do
            {
                if (await ClientTokens.ObtainAsync(call, server.GetTokens, credential) is { } notIssued)
                    return call.Unavailable(notIssued);

                call.OnSending();
            } while (HasMoved(server, call)); // checked after OnSending: from then on, a move supersedes the result

            IntrospectionResult result = await client.SendAsync(call, credential);
            if (credential is { IsRenewal: true, IsNew: true } && !IsRejection(call, result))
                logger.CredentialsRenewed(server.Name);
            return result;
        }
        finally
        {
            credential.Settle();
        }
    }

    /// <summary>Whether the endpoint has moved since the call discovered it. Then the call uses the new metadata.</summary>
    private bool HasMoved(SchemeServer server, IntrospectionCall call)
    {
        if (call.Metadata is not { } used || discovery.FindLatest(server.Scheme)?.Value is not { } known)
            return false;

        call.Metadata = known;
        return !known.NamesSameEndpointsAs(used);
    }

    /// <summary>
    /// Whether another credential may be accepted. This includes a status that may be about the token: another credential is tried first.
    /// </summary>
    private static bool IsRejection(IntrospectionCall call, IntrospectionResult result) =>
        result.Unavailability is { Reason: UnavailableReason.Refused or UnavailableReason.UnexpectedStatus } unavailability
        && (
            unavailability.StatusCode == HttpStatusCode.Unauthorized
            || unavailability.ErrorCode == "invalid_client"
            || (unavailability.StatusCode == HttpStatusCode.Forbidden && call.Options.ClientAuthenticationMethod.SendsOwnToken)
        );

    /// <summary>Decides who used up the time, unless a shared fetch timed out that this call has joined: then its result says so.</summary>
    private IntrospectionResult FindTimeoutCause(SchemeServer server, IntrospectionCall call, IntrospectionResult result)
    {
        if (result.Unavailability is not { Reason: UnavailableReason.TimedOut or UnavailableReason.ApplicationTimedOut } timedOut)
            return result;

        if (call.HasTimedOut)
        {
            UnavailableReason cause = timedOut.FindTimeoutCause(call.ElapsedSinceFirstAttempt, call.Timeout);
            if (cause == UnavailableReason.TooManyCalls)
                return TooManyCalls(server, call);
            result = IntrospectionResult.Unavailable(result.ObtainedAt, timedOut with { Reason = cause });
        }

        if (rare.IsDue(server.Name, nameof(Log.TimedOut), server.Time, out long suppressed))
        {
            Remedy remedy = UnavailabilityRemedies.Of(result.Unavailability!);
            logger.TimedOut(server.Name, call.Options.Timeout.TotalSeconds, remedy, suppressed);
        }

        return result;
    }

    private IntrospectionResult TooManyCalls(SchemeServer server, IntrospectionCall call)
    {
        if (rare.IsDue(server.Name, nameof(Log.TooManyCalls), server.Time, out long suppressed))
            logger.TooManyCalls(server.Name, UnavailabilityRemedies.OfReason(UnavailableReason.TooManyCalls), suppressed);
        return call.Unavailable(new(UnavailableReason.TooManyCalls));
    }
}
