using System.Globalization;
using IntrospectionAuth.DPoP;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Challenge;

/// <summary>Writes the headers of a challenge (RFC 6750, section 3; RFC 9449, section 7.1).</summary>
internal static class ChallengeWriter
{
    public static void Write(ChallengeContext context)
    {
        if (context.HttpContext.Features.Get<WrittenChallenge>() is { IsUnavailable: true })
            return; // The authorization server of another scheme is unavailable, and 503 has no WWW-Authenticate.

        var challenge = new WrittenChallenge
        {
            StatusCode = context.StatusCode,
            Error = context.Error,
            Description = context.ErrorDescription,
            Explanation = context.Explanation,
            IsStepUp = context.IsStepUp,
            ReplacesForbidden = context.ReplacesForbidden,
        };
        if (challenge.IsUnavailable)
        {
            ChallengePrecedence.ApplyUnavailable(context.HttpContext, challenge, context.RetryAfter);
            return;
        }

        bool isDPoP = context.UsesDPoP || context.RequiresDPoP;
        var header = new ChallengeHeaderBuilder(isDPoP ? ChallengeHeaderBuilder.DPoP : ChallengeHeaderBuilder.Bearer);
        header.Add("realm", context.Options.Realm);
        header.Add("scope", context.Scope);
        header.Add("error", context.Error);
        header.Add("error_description", context.ErrorDescription);
        header.Add("error_uri", context.ErrorUri);
        header.Add("acr_values", context.AcrValues);
        header.Add("max_age", context.MaxAge is { } maxAge ? Math.Floor(maxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);
        header.Add("algs", isDPoP ? AlgorithmsOf(context.Options) : null);
        header.Add("resource_metadata", context.ResourceMetadata);
        Append(context.Response, header);
        if (!isDPoP && OffersDPoP(context))
            AppendDPoPOffer(context);
        if (context.AuthenticateFailure is OAuthIntrospectionException { Nonce: { } nonce })
            NonceHeader.Write(context.Response, nonce);
        ChallengePrecedence.Apply(context.HttpContext, challenge);
    }

    public static void Write(ForbiddenContext context, string? resourceMetadata)
    {
        var challenge = new WrittenChallenge
        {
            StatusCode = StatusCodes.Status403Forbidden,
            Error = context.Scope is null ? null : ErrorCodes.InsufficientScope,
            Description = context.Scope is null || !context.Options.IncludeErrorDetails ? null : "The access token lacks a required scope.",
            Explanation = context.Explanation,
        };

        if (context.Scope is not null)
        {
            bool isDPoP = context.UsesDPoP || context.Options.RequireDPoP;
            var header = new ChallengeHeaderBuilder(isDPoP ? ChallengeHeaderBuilder.DPoP : ChallengeHeaderBuilder.Bearer);
            header.Add("realm", context.Options.Realm);
            header.Add("error", challenge.Error);
            header.Add("error_description", challenge.Description);
            header.Add("scope", context.Scope);
            header.Add("algs", isDPoP ? AlgorithmsOf(context.Options) : null);
            header.Add("resource_metadata", resourceMetadata);
            Append(context.Response, header);
        }

        ChallengePrecedence.Apply(context.HttpContext, challenge);
    }

    /// <summary>
    /// RFC 9449, section 7.2: a DPoP challenge follows the bearer challenge when the application offers DPoP, and when the token requires
    /// it.
    /// </summary>
    private static bool OffersDPoP(ChallengeContext context) =>
        context.AuthenticateFailure is OAuthIntrospectionException { Failure: OAuthIntrospectionFailure.DPoPRequired }
        || (context.Options.DPoP.Offer && context is { StatusCode: StatusCodes.Status401Unauthorized, IsStepUp: false });

    private static void AppendDPoPOffer(ChallengeContext context)
    {
        var header = new ChallengeHeaderBuilder(ChallengeHeaderBuilder.DPoP);
        header.Add("realm", context.Options.Realm);
        header.Add("scope", context.Scope);
        header.Add("algs", AlgorithmsOf(context.Options));
        header.Add("resource_metadata", context.ResourceMetadata);
        Append(context.Response, header);
    }

    private static string AlgorithmsOf(OAuthIntrospectionOptions options) => string.Join(' ', options.DPoP.AcceptedAlgorithms);

    /// <summary>Adds the challenge to those of other schemes, unless it is already present.</summary>
    private static void Append(HttpResponse response, ChallengeHeaderBuilder header)
    {
        string challenge = header.ToString();
        StringValues present = response.Headers.WWWAuthenticate;
        if (!present.Contains(challenge, StringComparer.Ordinal))
            response.Headers.WWWAuthenticate = StringValues.Concat(present, challenge);
    }
}
