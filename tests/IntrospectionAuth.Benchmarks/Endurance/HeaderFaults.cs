using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>What is wrong with the headers of a refusal (RFC 6750, section 3; RFC 9449, section 7.1); null if nothing is.</summary>
internal static class HeaderFaults
{
    public static string? OfMalformed(Attempt attempt) => OfChallenge(attempt, "error=\"invalid_request\"");

    public static string? OfUnauthorized(Attempt attempt) =>
        attempt is { Token: null, IsMalformed: false }
            ? attempt.Challenge.Contains("error=", StringComparison.Ordinal)
                ? "401 with an error code for a request without a token"
                : OfScheme(attempt)
            : OfChallenge(attempt, MayConcernProof(attempt) ? "error=\"invalid_dpop_proof\"" : "error=\"invalid_token\"");

    public static string? OfForbidden(Attempt attempt) =>
        OfChallenge(attempt, "error=\"insufficient_scope\"")
        ?? (attempt.Challenge.Contains("scope=\"read\"", StringComparison.Ordinal) ? null : "403 does not name the scope");

    public static string? OfUnavailable(Attempt attempt) =>
        attempt.Challenge.Length > 0 ? "503 with a challenge"
        : attempt.RetryAfter is not { } retryAfter ? "503 without Retry-After"
        : retryAfter <= TimeSpan.Zero || retryAfter > SoakSettings.MaximumRetryAfter ? "503 with a Retry-After out of range"
        : null;

    private static string? OfChallenge(Attempt attempt, string error) =>
        attempt.Challenge.Contains(error, StringComparison.Ordinal) ? OfScheme(attempt) : $"{attempt.Status} without {error}";

    private static string? OfScheme(Attempt attempt) =>
        attempt.RetryAfter is not null ? $"{attempt.Status} with Retry-After"
        : attempt.Challenge.StartsWith("DPoP ", StringComparison.Ordinal)
            ? attempt.Challenge.Contains("algs=\"", StringComparison.Ordinal) ? null
                : "a DPoP challenge without algs"
        : attempt.Challenge.StartsWith("Bearer", StringComparison.Ordinal) && (attempt.Tenant != TenantNames.Bound) ? null
        : $"{attempt.Status} with another challenge: {attempt.Challenge}";

    private static bool MayConcernProof(Attempt attempt) =>
        (attempt.Flaw != ProofFlaw.None || attempt.ReplayOf is not null)
        && attempt.Challenge.Contains("error=\"invalid_dpop_proof\"", StringComparison.Ordinal);
}
