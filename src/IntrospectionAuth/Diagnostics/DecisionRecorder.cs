using IntrospectionAuth.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Diagnostics;

/// <summary>Says why a token was refused: in the log, in the log of decisions, and in Development to the caller.</summary>
internal sealed class DecisionRecorder(DecisionLog log, TokenFingerprints fingerprints, RareMessages rare, IHostEnvironment? environment)
{
    /// <summary>How often a minute a refusal of one kind is logged: any stranger can cause one with every request.</summary>
    private const int MessagesPerMinute = 10;

    private readonly bool _isDevelopment = environment?.IsDevelopment() == true;

    /// <summary>Whether decisions are recorded that accept a token.</summary>
    public bool IsEnabled => log.IsEnabled;

    /// <summary>Whether a reason is needed for more than the log.</summary>
    public bool Explains => _isDevelopment || log.IsEnabled;

    /// <summary>Whether the caller may read the reason.</summary>
    public bool MayBeSent => _isDevelopment;

    public string Fingerprint(in CacheKey key) => fingerprints.Of(key);

    /// <summary>Whether the log or a page wants a decision. It is asked first, so that a flood that is not logged costs little.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="failure">Why the token is rejected; null when it is accepted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="suppressed">How many messages were suppressed before this one; null when it is not logged.</param>
    public bool IsWanted(ILogger logger, string scheme, OAuthIntrospectionFailure? failure, TimeProvider time, out long? suppressed)
    {
        suppressed = failure is { } kind && IsLogged(logger, scheme, kind.ToString(), time, out long count) ? count : null;
        return suppressed is not null || (failure is null ? IsEnabled : Explains);
    }

    /// <summary>Records what was decided about a token.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="context">The request; null without one.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="facts">What is known about the token.</param>
    /// <param name="suppressed">What <see cref="IsWanted"/> has returned.</param>
    public void Record(ILogger logger, HttpContext? context, string scheme, TokenFacts facts, long? suppressed)
    {
        Decision decision = Create(context, scheme, facts);
        if (suppressed is { } count)
            logger.NotAuthenticated(scheme, facts.Failure!.Value, decision.Failed?.ToString() ?? "", decision.Remedy!, count);
        if (Explains && context is not null)
            DecisionsOf(context).Add(decision);
        if (log.IsEnabled && !IsPage(context))
            Keep(decision, context);
    }

    /// <summary>Records that the application replaced the failure of a scheme by a result of its own.</summary>
    public static void RecordReplaced(HttpContext context, string scheme)
    {
        if (context.Features.Get<RequestDecisions>()?.Find(scheme) is { } decision)
            decision.IsReplaced = true;
    }

    /// <summary>Records that the policy of an endpoint refused a token that was accepted.</summary>
    public void Record(ILogger logger, HttpContext context, IReadOnlyList<string> schemes, PolicyDecision policy, TimeProvider time)
    {
        string names = string.Join(", ", schemes);
        if (IsLogged(logger, names, nameof(PolicyDecision), time, out long suppressed))
            logger.RefusedByPolicy(names, NameOf(context), policy.Failed?.ToString() ?? "", policy.Remedy, suppressed);

        RequestDecisions? decisions = context.Features.Get<RequestDecisions>();
        foreach (string scheme in schemes)
        {
            if (decisions?.Find(scheme) is { } decision)
                decision.Policy = policy;
        }
    }

    /// <summary>
    /// With Debug every refusal is logged. Without it a few a minute are, so that a flood of bad tokens is not one of messages.
    /// </summary>
    private bool IsLogged(ILogger logger, string scheme, string kind, TimeProvider time, out long suppressed)
    {
        suppressed = 0;
        return logger.IsEnabled(LogLevel.Debug)
            || (logger.IsEnabled(LogLevel.Information) && rare.IsDue(scheme, kind, time, out suppressed, MessagesPerMinute));
    }

    private static Decision Create(HttpContext? context, string scheme, TokenFacts facts) =>
        new()
        {
            Time = facts.Now,
            Method = context is null ? null : LogText.Escape(context.Request.Method),
            Path = context is null ? null : LogText.Escape(context.Request.PathBase + context.Request.Path),
            Endpoint = context?.GetEndpoint()?.DisplayName,
            Scheme = scheme,
            Tenant = facts.Options.Tenant is { } tenant ? LogText.Escape(tenant) : null,
            Fingerprint = facts.Fingerprint,
            Outcome =
                facts.Failure == OAuthIntrospectionFailure.Unavailable ? DecisionOutcome.Unavailable
                : facts.Failure is not null ? DecisionOutcome.Rejected
                : facts.Response is null ? DecisionOutcome.NoToken
                : DecisionOutcome.Accepted,
            Failure = facts.Failure,
            Source = facts.Source,
            ObtainedAt = facts.ObtainedAt,
            Exchanges = facts.Exchanges,
            Checks = DecisionChecks.Of(facts),
            Remedy =
                facts.Failure is { } failure ? Remedies.Of(failure, facts.Unavailability, facts.ProofFault)
                : facts.Response is null ? Remedies.NoToken
                : null,
        };

    private void Keep(Decision decision, HttpContext? context)
    {
        log.Add(decision);
        context?.Response.OnCompleted(() =>
        {
            log.Complete(decision, context.Response.StatusCode);
            return Task.CompletedTask;
        });
    }

    /// <summary>The page refreshes itself: its own requests would replace what it shows.</summary>
    private static bool IsPage(HttpContext? context) => context?.GetEndpoint()?.Metadata.GetMetadata<DiagnosticsPageMarker>() is not null;

    private RequestDecisions DecisionsOf(HttpContext context)
    {
        if (context.Features.Get<RequestDecisions>() is { } existing)
            return existing;

        var decisions = new RequestDecisions { MayBeSent = _isDevelopment };
        context.Features.Set(decisions);
        return decisions;
    }

    private static string NameOf(HttpContext context) =>
        LogText.Escape(context.GetEndpoint()?.DisplayName ?? $"{context.Request.Method} {context.Request.Path}");
}
