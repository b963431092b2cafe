using System.Net;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Asks the authorization server within the total timeout, past the guard that stands before it.</summary>
internal sealed class GuardedClient(
    IntrospectionClient client,
    ServerDiscovery discovery,
    IntrospectionMetrics metrics,
    RareMessages rare,
    ILogger<GuardedClient> logger
)
{
    /// <summary>Asks, and again when that may help.</summary>
    /// <param name="server">The server.</param>
    /// <param name="token">The token.</param>
    /// <param name="isRefresh">Whether nobody waits for it.</param>
    /// <param name="asking">Called each time before the server is asked; null for a probe, whose token nobody has.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <returns>The result. Only what the event handler throws is thrown.</returns>
    public async Task<IntrospectionResult> IntrospectAsync(
        SchemeServer server,
        string token,
        bool isRefresh,
        Action? asking,
        CancellationToken stopping
    )
    {
        TimeProvider time = server.Time;
        long started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(server.Options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);

        IntrospectionResult result;
        long? firstAsked = null;
        ServerGuard guard = server.Guard;
        try
        {
            result = await guard.CallAsync(
                isRefresh,
                async cancellation =>
                {
                    metrics.CallStarted(server.Name);
                    firstAsked ??= time.GetTimestamp();
                    try
                    {
                        IntrospectionResult outcome = await AskAsync(server, token, asking, guard, stopping, cancellation);
                        return outcome.Unavailability?.Reason is UnavailableReason.TimedOut or UnavailableReason.ApplicationTimedOut
                            ? TimedOut(
                                server,
                                outcome,
                                timeout.IsCancellationRequested ? time.GetElapsedTime(firstAsked.Value) : null,
                                guard
                            )
                            : outcome;
                    }
                    finally
                    {
                        metrics.CallEnded(server.Name);
                    }
                },
                either.Token
            );
        }
        catch (OperationCanceledException exception) when (either.IsCancellationRequested)
        {
            result = stopping.IsCancellationRequested
                ? IntrospectionResult.Unavailable(time.GetUtcNow(), new(UnavailableReason.Stopped) { Exception = exception })
                : guard.CrowdedOut();
        }
        catch (Exception exception)
        {
            metrics.CallFailed(server.Name, exception, time.GetElapsedTime(started));
            throw;
        }

        if (firstAsked is not null)
            metrics.CallMeasured(server.Name, result.OutcomeName, result.Unavailability?.ErrorType, time.GetElapsedTime(started));
        else
            metrics.CallPrevented(server.Name, result.Unavailability!.ErrorType);
        return result;
    }

    /// <summary>
    /// Asks at the endpoint that is configured, or at the one that is discovered: looking for it, and for the server's keys, is a part of asking, and so is obtaining a credential, once more if it is refused.
    /// </summary>
    private async Task<IntrospectionResult> AskAsync(
        SchemeServer server,
        string token,
        Action? asking,
        ServerGuard guard,
        CancellationToken stopping,
        CancellationToken cancellation
    )
    {
        OAuthIntrospectionOptions options = server.Options;
        DiscoveryResult? discovered = options.NeedsMetadata ? await discovery.FindAsync(server.Scheme, stopping, cancellation) : null;
        if (discovered?.Unavailability is { } notFound)
            return IntrospectionResult.Unavailable(options.Now, notFound);

        ServerMetadata? metadata = discovered?.Metadata;
        Uri endpoint = metadata?.EndpointFor(options) ?? new Uri(options.IntrospectionEndpoint!, UriKind.RelativeOrAbsolute);
        CallCredential? last = null;
        IntrospectionResult result = await guard.Renewal.AskAsync(
            async credential =>
            {
                last = credential;
                if (
                    await ClientTokens.FindAsync(
                        server.Scheme,
                        server.GetTokens,
                        metadata?.TokenEndpointFor(options),
                        credential,
                        stopping,
                        cancellation
                    ) is
                    { } notIssued
                )
                {
                    return IntrospectionResult.Unavailable(options.Now, notIssued);
                }

                asking?.Invoke();
                IntrospectionResult outcome = await client.IntrospectAsync(
                    server.Scheme,
                    endpoint,
                    metadata?.KeysUrl,
                    token,
                    credential,
                    stopping,
                    cancellation
                );
                if (credential is { IsRenewal: true, IsNew: true } && !IsRefusal(options, outcome))
                    logger.CredentialsRenewed(server.Name);
                return outcome;
            },
            outcome => IsRefusal(options, outcome),
            cancellation
        );
        result = guard.Evidence.Judge(result, last?.Used, isProbe: asking is null);

        if (metadata is not null)
            discovery.Note(server.Scheme, result);
        return result;
    }

    /// <summary>
    /// Whether another credential may be accepted. A status that may be about the token is tried with another one first, too, as far as one
    /// can be had.
    /// </summary>
    private static bool IsRefusal(OAuthIntrospectionOptions options, IntrospectionResult result) =>
        result.Unavailability is { Reason: UnavailableReason.Refused or UnavailableReason.UnexpectedStatus } unavailability
        && (
            unavailability.StatusCode == HttpStatusCode.Unauthorized
            || unavailability.ErrorCode == "invalid_client"
            || (unavailability.StatusCode == HttpStatusCode.Forbidden && options.ClientAuthenticationMethod.SendsOwnToken)
        );

    /// <summary>Finds the cause. <c>elapsed</c> is null when a fetch that the call has joined timed out, and not the call itself.</summary>
    private IntrospectionResult TimedOut(SchemeServer server, IntrospectionResult outcome, TimeSpan? elapsed, ServerGuard guard)
    {
        if (elapsed is { } time)
        {
            UnavailableReason cause = outcome.Unavailability!.FindTimeoutCause(time, server.Options.Timeout);
            if (cause == UnavailableReason.TooManyCalls)
                return guard.CrowdedOut();
            outcome = IntrospectionResult.Unavailable(outcome.ObtainedAt, outcome.Unavailability with { Reason = cause });
        }

        if (rare.IsDue(server.Name, nameof(Log.TimedOut), server.Time, out long suppressed))
            logger.TimedOut(server.Name, server.Options.Timeout.TotalSeconds, suppressed);
        return outcome;
    }
}
