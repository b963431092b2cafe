using System.Globalization;
using System.Security.Claims;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;

namespace IntrospectionAuth.Diagnostics;

/// <summary>The phrases of <see cref="DecisionChecks"/> for what was expected and found.</summary>
internal static class CheckTexts
{
    public static string OfToken(TokenFacts facts)
    {
        RequestToken token = facts.Token;
        if (token.IsNone)
            return facts.InsteadOfToken ?? "none";
        if (!token.IsMalformed)
        {
            string scheme = token.IsDPoP ? "DPoP" : "bearer";
            return string.Create(CultureInfo.InvariantCulture, $"a {scheme} token of {token.Value.Length} characters");
        }

        return token.Fault switch
        {
            TokenFault.SeveralHeaders => "several Authorization headers",
            TokenFault.Empty => "an authorization scheme without a token",
            TokenFault.TooLong => string.Create(
                CultureInfo.InvariantCulture,
                $"more than {facts.Options.MaximumTokenLength} characters (MaximumTokenLength)"
            ),
            TokenFault.SeveralPlaces => "several tokens, in the header, the form or the query",
            TokenFault.UnreadableForm => "a form that cannot be read",
            _ => "a character that a token cannot have",
        };
    }

    public static string Of(ProofFault fault) =>
        fault switch
        {
            ProofFault.NotOneHeader => "no DPoP header, or several",
            ProofFault.Malformed => "a header that is not a DPoP proof",
            ProofFault.MissingClaim => "a proof without jwk, jti, htm, htu, iat or ath",
            ProofFault.WrongType => "a typ other than dpop+jwt",
            ProofFault.WrongAlgorithm => "an alg that DPoP.Algorithms does not accept",
            ProofFault.WrongKey => "a jwk that is not supported, or does not fit alg",
            ProofFault.WrongSignature => "a signature that the key in jwk did not make",
            ProofFault.WrongMethod => "an htm other than the method of the request",
            ProofFault.WrongUrl => "an htu other than the URL of the request as ASP.NET Core sees it",
            ProofFault.NonceRequired => "no nonce of this API, or an expired one",
            ProofFault.WrongTime => "an iat that is too old or in the future",
            ProofFault.WrongToken => "the ath of another token",
            ProofFault.Replayed => "a proof that was used before",
            ProofFault.StoreFull => "a full store of used proofs",
            ProofFault.NotShared => "a shared cache that does not respond",
            ProofFault.NoNonce => "no nonce, and none can be created",
            _ => "a valid proof",
        };

    public static string OfMissingTenant(TokenFacts facts) =>
        facts.Unavailability is { } unavailability
            ? UnavailabilityDescription.For(unavailability, facts.Options)
            : "none, or an unknown one";

    public static string OfResponse(TokenFacts facts)
    {
        if (facts.Unavailability is { } unavailability)
            return UnavailabilityDescription.For(unavailability, facts.Options);
        if (facts.Source == ResponseSource.None)
            return "";

        string state =
            facts.Response is not null ? "active"
            : facts.Basis == InactiveBasis.TokenType ? "inactive: the server does not introspect tokens of this type"
            : facts.Basis == InactiveBasis.StatusCode ? "inactive, by a status of InactiveStatusCodes"
            : "inactive";
        string age = facts.ObtainedAt is { } obtainedAt ? $", {LogText.Of(Positive(facts.Now - obtainedAt))} old" : "";
        return facts.Source switch
        {
            ResponseSource.Cache => $"{state}, from the cache{age}",
            ResponseSource.StaleCache => $"{state}, from the cache{age}, because the server is unavailable",
            ResponseSource.JoinedCall => $"{state}, from a call that another request started",
            _ => state,
        };
    }

    public static string ExpectedEnd(OAuthIntrospectionOptions options) =>
        options.ClockSkew == TimeSpan.Zero ? "a time in the future" : $"a time less than {LogText.Of(options.ClockSkew)} ago (ClockSkew)";

    public static string ExpectedStart(OAuthIntrospectionOptions options) =>
        $"a time at most {LogText.Of(ResponseValidator.FutureTolerance(options.ClockSkew))} in the future";

    /// <returns>A time of the response, and how far it is from now.</returns>
    public static string OfTime(TokenFacts facts, DateTimeOffset? time) =>
        time is { } then ? LogText.Of(then, facts.Now)
        : facts.Response is null ? ""
        : "none";

    public static string ExpectedIssuer(OAuthIntrospectionOptions options) =>
        options.ValidIssuers.Count > 0 ? "one of " + LogText.OfAll(options.ValidIssuers)
        : string.IsNullOrEmpty(options.Authority) ? "any issuer"
        : $"{LogText.Of(options.Authority)} (Authority), or none";

    public static string ExpectedAudience(OAuthIntrospectionOptions options) =>
        options.Audiences.Count > 0 ? "one of " + LogText.OfAll(options.Audiences) : "any audience";

    public static string OfIssuer(TokenFacts facts) =>
        facts.Response switch
        {
            null => "",
            { Issuer: null } => "none",
            { Issuer: "" } => "a value that is not text",
            { Issuer: { } issuer } => LogText.Of(issuer, facts.Secrets),
        };

    public static string OfAudiences(TokenFacts facts) =>
        facts.Response switch
        {
            null => "",
            { Audiences: [] } => "none",
            { Audiences: { } audiences } => LogText.OfAll(audiences, facts.Secrets),
        };

    public static string ExpectedType(OAuthIntrospectionOptions options)
    {
        string uses = options.AcceptedTokenUses.Count == 0 ? "" : $", or a use of {LogText.OfAll(options.AcceptedTokenUses)}";
        return (options.AcceptRefreshTokens ? "an access token or a refresh token" : "an access token") + uses;
    }

    /// <returns>The members that name the type: all of them, or those that do not mean an access token.</returns>
    public static string OfType(TokenFacts facts, bool isAccepted)
    {
        if (facts.Response is null)
            return "";

        IEnumerable<string> members = facts
            .Response.Members.Where(member => TokenKindReader.IsTypeMember(member.Name) && (isAccepted || !IsAccessToken(member)))
            .Select(member => $"{member.Name} {TextOf(member, facts.Secrets)}");
        string text = LogText.Cut(string.Join(", ", members));
        return text.Length == 0 ? "no member that names a type" : text;
    }

    public static string ExpectedKey(Confirmation? confirmation) =>
        confirmation?.JwkThumbprint is null
            ? "no DPoP proof for a token that is not bound to a key"
            : "a DPoP proof by the key of the token's jkt";

    public static string OfKey(OAuthIntrospectionFailure? failure) =>
        failure switch
        {
            null => "as expected",
            OAuthIntrospectionFailure.NotBound => "a DPoP proof",
            OAuthIntrospectionFailure.DPoPRequired => "a bearer token, without a proof",
            _ => "a proof by another key",
        };

    private static bool IsAccessToken(MemberValue member) =>
        member.ValueType == ClaimValueTypes.String && TokenKindReader.Read(member.Name, member.Text) == TokenKind.Access;

    private static string TextOf(MemberValue member, string?[] secrets) =>
        member.ValueType is JsonValueTypes.Object or JsonValueTypes.Array ? "(not a plain value)" : LogText.Of(member.Text, secrets);

    private static TimeSpan Positive(TimeSpan age) => age > TimeSpan.Zero ? age : TimeSpan.Zero;
}
