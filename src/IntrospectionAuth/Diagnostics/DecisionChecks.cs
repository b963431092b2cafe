using IntrospectionAuth.Claims;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using static IntrospectionAuth.OAuthIntrospectionFailure;

namespace IntrospectionAuth.Diagnostics;

/// <summary>Lists the checks of a decision in the order in which the handler makes them.</summary>
/// <remarks>
/// Each verdict comes from the predicate that the handler itself uses. Where the handler had to do something to find out (verify a proof,
/// read a certificate, run an event handler), it comes from the failure that resulted.
/// </remarks>
internal static class DecisionChecks
{
    public static IReadOnlyList<Check> Of(TokenFacts facts)
    {
        var list = new CheckList();
        AddTenant(list, facts);
        AddToken(list, facts);
        PossessionChecks.AddProof(list, facts);
        AddResponse(list, facts);
        AddTimes(list, facts);
        AddParties(list, facts);
        AddRequiredClaims(list, facts);
        PossessionChecks.AddBinding(list, facts);
        AddApplication(list, facts);
        return list.Checks;
    }

    /// <summary>A scheme without tenants has no such check.</summary>
    private static void AddTenant(CheckList list, TokenFacts facts)
    {
        const string Name = "tenant";
        const string Expected = "a tenant that exists";
        if (facts.Options.Tenant is { } tenant)
            list.Add(Name, Expected, LogText.Of(tenant), passes: true, failure: null);
        else if (facts.Options.ResolvesTenants && facts.Failure is { } failure and (UnknownTenant or Unavailable))
            list.Add(Name, Expected, CheckTexts.OfMissingTenant(facts), passes: false, failure);
    }

    private static void AddToken(CheckList list, TokenFacts facts)
    {
        RequestToken token = facts.Token;
        list.Add(
            "token",
            "one access token",
            CheckTexts.OfToken(facts),
            !token.IsNone && !token.IsMalformed,
            token.IsMalformed ? MalformedRequest : null
        );

        OAuthIntrospectionTokenFilter filter = facts.Options.TokenFilter;
        if (filter.IsEmpty)
            list.Skip("token filter", "any token");
        else if (!list.IsOpen)
            list.Add("token filter", LogText.Escape(filter.Describe()), "", passes: false, failure: null);
        else
            AddTokenFilter(list, filter, token);
    }

    private static void AddTokenFilter(CheckList list, OAuthIntrospectionTokenFilter filter, RequestToken token)
    {
        string? mismatch = filter.FindMismatch(token.Value);
        list.Add(
            "token filter",
            LogText.Escape(filter.Describe()),
            mismatch ?? "a token that matches",
            mismatch is null,
            filter.Mismatch == TokenFilterMismatch.Ignore ? null : ForeignToken
        );
    }

    private static void AddResponse(CheckList list, TokenFacts facts)
    {
        bool isCached = facts.Source is ResponseSource.Cache;
        if (isCached || !list.IsOpen)
        {
            list.Skip("token kind", "a token, not a signed introspection response (RFC 9701)");
        }
        else
        {
            bool isResponse = UnverifiedJwtReader.IsIntrospectionResponse(facts.Token.Value);
            list.Add(
                "token kind",
                "a token, not a signed introspection response (RFC 9701)",
                isResponse ? "a signed introspection response" : "a token",
                !isResponse,
                WrongTokenType
            );
        }

        list.Add(
            "response",
            "active",
            CheckTexts.OfResponse(facts),
            facts.Response is not null,
            facts.Unavailability is null ? Inactive : Unavailable
        );
    }

    private static void AddTimes(CheckList list, TokenFacts facts)
    {
        ResponseFacts response = ResponseFacts.Of(facts.Response);
        bool isUnknown = facts.Response is null;
        list.AddIf(
            isUnknown || response.ExpiresAt is not null,
            MemberNames.ExpiresAt,
            CheckTexts.ExpectedEnd(facts.Options),
            CheckTexts.OfTime(facts, response.ExpiresAt),
            !ResponseValidator.IsExpired(response, facts.Options, facts.Now),
            Expired
        );
        list.AddIf(
            isUnknown || response.NotBefore is not null,
            MemberNames.NotBefore,
            CheckTexts.ExpectedStart(facts.Options),
            CheckTexts.OfTime(facts, response.NotBefore),
            !ResponseValidator.IsNotYetValid(response, facts.Options, facts.Now),
            NotYetValid
        );
    }

    private static void AddParties(CheckList list, TokenFacts facts)
    {
        OAuthIntrospectionOptions options = facts.Options;
        ResponseFacts response = ResponseFacts.Of(facts.Response);
        list.AddIf(
            options.ValidIssuers.Count > 0 || !string.IsNullOrEmpty(options.Authority),
            "issuer",
            CheckTexts.ExpectedIssuer(options),
            CheckTexts.OfIssuer(facts),
            ResponseValidator.IsIssuerAccepted(response, options),
            WrongIssuer
        );
        list.AddIf(
            options.Audiences.Count > 0,
            "audience",
            CheckTexts.ExpectedAudience(options),
            CheckTexts.OfAudiences(facts),
            facts.Response is not null && ResponseValidator.IsAudienceAccepted(response, options),
            WrongAudience
        );

        bool isAccessToken = facts.Response is not null && ResponseValidator.IsTypeAccepted(facts.Response, response, options);
        list.Add("type", CheckTexts.ExpectedType(options), CheckTexts.OfType(facts, isAccessToken), isAccessToken, WrongTokenType);
    }

    private static void AddRequiredClaims(CheckList list, TokenFacts facts)
    {
        foreach (string claim in facts.Options.RequiredClaims)
        {
            bool isThere = facts.Response is not null && PrincipalBuilder.HasClaim(facts.Response, facts.Options, claim);
            string found =
                facts.Response is null ? ""
                : isThere ? "a value"
                : "none";
            list.Add($"required claim {LogText.Of(claim)}", "a value", found, isThere, MissingRequiredClaim);
        }
    }

    private static void AddApplication(CheckList list, TokenFacts facts)
    {
        const string Name = nameof(OAuthIntrospectionEvents.OnTokenValidated);
        if (!facts.HandlesTokenValidated)
        {
            list.Skip(Name, "no rejection by the application");
            return;
        }

        bool isRejected = facts.Failure == RejectedByApplication;
        list.Add(Name, "no rejection by the application", isRejected ? "a rejection" : "none", !isRejected, RejectedByApplication);
    }
}
