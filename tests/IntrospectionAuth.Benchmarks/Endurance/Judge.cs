using IntrospectionAuth.Benchmarks.Fleet;
using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Decides whether a response is permitted, by what was issued, revoked, removed, changed and broken at that time.</summary>
internal sealed class Judge(Surroundings surroundings, FleetTally tally)
{
    /// <returns>What is wrong with the response; null if it is permitted.</returns>
    public string? Find(Attempt attempt) =>
        attempt.Status switch
        {
            0 => surroundings.Down[attempt.Node - 1].Excuse(attempt.SentAt, attempt.ReceivedAt) ? null : "no response",
            400 => attempt.IsMalformed ? HeaderFaults.OfMalformed(attempt) : "400",
            503 => Unavailable(attempt),
            _ when attempt.IsMalformed && !(attempt.Status == 401 && surroundings.MayNotKnow(attempt)) =>
                $"{attempt.Status} for a malformed request",
            401 when attempt is { Token: null, IsMalformed: false } && surroundings.MayNotResolve(attempt) => null, // of the scheme
            401 => MayBeRefused(attempt) ? HeaderFaults.OfUnauthorized(attempt) : "401 for a valid token",
            403 => WhyNotAccepted(attempt) is { } reason ? $"403 for {reason}"
            : attempt.Token!.HasScope ? "403 for a token with the scope"
            : HeaderFaults.OfForbidden(attempt),
            200 => WhyNotAccepted(attempt) is { } reason ? $"200 for {reason}"
            : !attempt.Token!.AsKnownBy(attempt.Tenant)!.HasScope ? "200 without the scope"
            : attempt.Body != attempt.Token.AsKnownBy(attempt.Tenant)!.Subject ? "200 as another user"
            : null,
            _ => "an unexpected status",
        };

    private string? Unavailable(Attempt attempt)
    {
        if (surroundings.MayNotResolve(attempt))
            return HeaderFaults.OfUnavailable(attempt);
        if (attempt.Token is null || attempt.IsMalformed)
            return "503 for a request without a token";
        if (!surroundings.MayKnow(attempt))
            return "503 for an unknown tenant";
        if (attempt.Flaw is not (ProofFlaw.None or ProofFlaw.Key or ProofFlaw.NotBound))
            return "503 for a proof that is rejected without a call";
        return HeaderFaults.OfUnavailable(attempt) ?? (surroundings.MayFail(attempt) ? null : "503 without a fault");
    }

    private bool MayBeRefused(Attempt attempt) =>
        attempt.Token?.AsKnownBy(attempt.Tenant) is not { Subject: not null } token
        || attempt.Flaw != ProofFlaw.None
        || attempt.ReplayOf is not null
        || surroundings.MayNotKnow(attempt)
        || token.EndsAt <= attempt.ReceivedAt
        || (surroundings.AudienceOf(attempt.Tenant)?.MayDiffer(token.Audience, attempt) ?? token.Audience != TenantNames.Audience);

    /// <returns>Why the token must not be accepted; null if it may be.</returns>
    private string? WhyNotAccepted(Attempt attempt)
    {
        if (attempt.Token is null)
            return "a request without a token";
        if (!surroundings.MayKnow(attempt))
            return "an unknown tenant";
        if (attempt.Token.AsKnownBy(attempt.Tenant) is not { Subject: not null } token)
            return "a token of another tenant, or of none";
        if (attempt.SentAt >= token.ExpiresAt)
            return "an expired token";
        if (token.RevokedAt < DateTimeOffset.MaxValue && attempt.SentAt >= token.RevokedAt + FleetSettings.MaximumAge)
            return "a revoked token";
        if (!(surroundings.AudienceOf(attempt.Tenant)?.MayBe(token.Audience, attempt) ?? token.Audience == TenantNames.Audience))
            return "a token for another audience";
        if (attempt.Flaw != ProofFlaw.None)
            return $"a proof with a flaw: {attempt.Flaw}";
        return WhyRemoved(token, attempt) ?? WhyReplayed(attempt);
    }

    private string? WhyRemoved(EnduranceToken token, Attempt attempt)
    {
        if (attempt.SentAt <= token.RemovedAt)
            return null;

        DateTimeOffset limit = surroundings.Feed.FindLimit(token.RemovedAt, token.RemovedOn);
        tally.Accepted(token.Number, attempt.SentAt - token.RemovedAt, hasFeed: limit == token.RemovedAt + FleetSettings.Promise);
        return attempt.SentAt > limit && !MayBeLate(token, attempt)
            ? FormattableString.Invariant($"a removed token {(attempt.SentAt - limit).TotalMilliseconds:0} ms late")
            : null;
    }

    private bool MayBeLate(EnduranceToken token, Attempt attempt) =>
        surroundings.MayBeLate(token.RemovedOn, token.RemovedAt, attempt.SentAt)
        || surroundings.MayBeLate(attempt.Node, token.RemovedAt, attempt.SentAt);

    /// <summary>
    /// A node remembers the proofs that it accepted until it ends. The engine tells the other nodes, and a node that has started again,
    /// unless it fails or forgets.
    /// </summary>
    private string? WhyReplayed(Attempt attempt)
    {
        if (attempt.ReplayOf is not { Status: 200 or 403 } first)
            return null;

        bool mayHaveForgotten = first.Node != attempt.Node || surroundings.Down[attempt.Node - 1].Excuse(first.SentAt, attempt.ReceivedAt);
        bool mayFail =
            surroundings.Engine.Excuse(first.SentAt, attempt.ReceivedAt)
            || surroundings.MayBeLate(first.Node, first.SentAt, first.ReceivedAt)
            || surroundings.MayBeLate(attempt.Node, attempt.SentAt, attempt.ReceivedAt);
        return mayHaveForgotten && mayFail ? null : $"a replayed proof of node {first.Node}";
    }
}
