using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Validation;

/// <summary>
/// Validates an active response against the current options and time. <see cref="BindingValidator"/> validates what the token is bound to.
/// </summary>
internal static class ResponseValidator
{
    private static readonly TimeSpan s_futureTolerance = TimeSpan.FromSeconds(5);

    /// <returns>
    /// How far in the future a time may be. Some servers set <c>nbf</c> to the time of issue, and a valid token must not be rejected
    /// because the server's clock is a few seconds ahead.
    /// </returns>
    public static TimeSpan FutureTolerance(TimeSpan clockSkew) => clockSkew > s_futureTolerance ? clockSkew : s_futureTolerance;

    /// <returns>Why the token is rejected; null when it is not.</returns>
    public static OAuthIntrospectionFailure? Validate(
        IntrospectionResponse response,
        in ResponseFacts facts,
        OAuthIntrospectionOptions options,
        DateTimeOffset now
    )
    {
        if (IsExpired(facts, options, now))
            return OAuthIntrospectionFailure.Expired;
        if (IsNotYetValid(facts, options, now))
            return OAuthIntrospectionFailure.NotYetValid;
        if (!IsIssuerAccepted(facts, options))
            return OAuthIntrospectionFailure.WrongIssuer;
        if (!IsAudienceAccepted(facts, options))
            return OAuthIntrospectionFailure.WrongAudience;
        return IsTypeAccepted(response, facts, options) ? null : OAuthIntrospectionFailure.WrongTokenType;
    }

    public static bool IsExpired(in ResponseFacts facts, OAuthIntrospectionOptions options, DateTimeOffset now) =>
        facts.ExpiresAt <= now - options.ClockSkew;

    public static bool IsNotYetValid(in ResponseFacts facts, OAuthIntrospectionOptions options, DateTimeOffset now) =>
        facts.NotBefore > now + FutureTolerance(options.ClockSkew);

    public static bool IsIssuerAccepted(in ResponseFacts facts, OAuthIntrospectionOptions options)
    {
        string? issuer = facts.Issuer;
        if (options.ValidIssuers.Count > 0)
            return issuer is not null && Contains(options.ValidIssuers, issuer);

        // iss is optional (RFC 7662, section 2.2), but when present it must be the configured authority.
        return issuer is null
            || string.IsNullOrEmpty(options.Authority)
            || string.Equals(issuer, options.Authority, StringComparison.Ordinal);
    }

    public static bool IsAudienceAccepted(in ResponseFacts facts, OAuthIntrospectionOptions options) =>
        options.Audiences.Count == 0 || ContainsAny(options.Audiences, facts.Audiences);

    public static bool IsTypeAccepted(IntrospectionResponse response, in ResponseFacts facts, OAuthIntrospectionOptions options) =>
        facts.Kind == TokenKind.Access || IsKindAccepted(facts.Kind, response, options);

    private static bool IsKindAccepted(TokenKind kind, IntrospectionResponse response, OAuthIntrospectionOptions options)
    {
        if (kind == TokenKind.Other || (kind == TokenKind.Refresh && !options.AcceptRefreshTokens))
            return false;

        foreach (string use in response.UnknownUses)
        {
            if (!options.AcceptedTokenUses.Contains(use, StringComparer.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }

    private static bool ContainsAny(IList<string> accepted, string[] values)
    {
        foreach (string value in values)
        {
            if (Contains(accepted, value))
                return true;
        }

        return false;
    }

    private static bool Contains(IList<string> accepted, string value)
    {
        for (int i = 0; i < accepted.Count; i++)
        {
            if (string.Equals(accepted[i], value, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
