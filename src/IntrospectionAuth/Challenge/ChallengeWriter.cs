using System.Globalization;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.ResourceMetadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Challenge;

/// <summary>Tells the caller what was wrong: by status, and by the headers that belong to it (RFC 6750, section 3).</summary>
internal static class ChallengeWriter
{
    private static readonly TimeSpan s_defaultRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Fills the context with what a failure means to the caller.</summary>
    public static void Describe(ChallengeContext context)
    {
        var failure = context.AuthenticateFailure as OAuthIntrospectionException;
        switch (failure?.Failure)
        {
            case OAuthIntrospectionFailure.Unavailable:
                context.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.RetryAfter = failure.RetryAfter;
                break;
            case OAuthIntrospectionFailure.MalformedRequest:
                context.StatusCode = StatusCodes.Status400BadRequest;
                context.Error = ErrorCodes.InvalidRequest;
                break;
            default:
                context.StatusCode = StatusCodes.Status401Unauthorized;
                context.Error = context.AuthenticateFailure is null ? null : ErrorOf(failure?.Failure);
                break;
        }

        context.ResourceMetadata = ResourceMetadataOf(context.Options);
        if (context.AuthenticateFailure is null)
            context.Scope = AuthorizationDenial.Of(context.HttpContext)?.Scopes;
        else if (context.Options.IncludeErrorDetails)
            context.ErrorDescription = failure?.Message ?? "The access token was not accepted.";
    }

    /// <summary>Fills the context with what an endpoint demands of the user's authentication. A scope that is missing too is told with it, so that one visit gets both.</summary>
    public static void Describe(ChallengeContext context, RequiredAuthentication required, string? scopes)
    {
        context.IsStepUp = true;
        context.StatusCode = StatusCodes.Status401Unauthorized;
        context.Error = ErrorCodes.InsufficientUserAuthentication;
        context.ErrorDescription = context.Options.IncludeErrorDetails ? "The user has to authenticate again, or in another way." : null;
        context.AcrValues = required.AcrValues;
        context.MaxAge = required.MaxAge;
        context.Scope = scopes;
        context.ResourceMetadata = ResourceMetadataOf(context.Options);
    }

    public static void Write(ChallengeContext context)
    {
        if (context.HttpContext.Features.Get<WrittenChallenge>() is { IsUnavailable: true })
            return; // another scheme could not find out: see WrittenChallenge.Reassert

        var refusal = new WrittenChallenge
        {
            StatusCode = context.StatusCode,
            Error = context.Error,
            Description = context.ErrorDescription,
            IsStepUp = context.IsStepUp,
            ReplacesForbidden = context.ReplacesForbidden,
        };
        if (refusal.IsUnavailable)
        {
            WriteUnavailable(context.HttpContext, refusal, context.RetryAfter);
            return;
        }

        bool isDPoP = context.UsesDPoP || context.Options.RequireDPoP;
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
        Append(context.Response, header.ToString());
        if (!isDPoP && OffersDPoP(context))
            AppendOffer(context);
        if (context.AuthenticateFailure is OAuthIntrospectionException { Nonce: { } nonce })
            NonceHeader.Write(context.Response, nonce);
        Settle(context.HttpContext, refusal);
    }

    public static void Write(ForbiddenContext context)
    {
        var refusal = new WrittenChallenge
        {
            StatusCode = StatusCodes.Status403Forbidden,
            Error = context.Scope is null ? null : ErrorCodes.InsufficientScope,
            Description =
                context.Scope is null || !context.Options.IncludeErrorDetails ? null : "The access token lacks a scope that this needs.",
        };

        if (context.Scope is not null)
        {
            bool isDPoP = context.UsesDPoP || context.Options.RequireDPoP;
            var header = new ChallengeHeaderBuilder(isDPoP ? ChallengeHeaderBuilder.DPoP : ChallengeHeaderBuilder.Bearer);
            header.Add("realm", context.Options.Realm);
            header.Add("error", refusal.Error);
            header.Add("error_description", refusal.Description);
            header.Add("scope", context.Scope);
            header.Add("algs", isDPoP ? AlgorithmsOf(context.Options) : null);
            header.Add("resource_metadata", ResourceMetadataOf(context.Options));
            Append(context.Response, header.ToString());
        }

        Settle(context.HttpContext, refusal);
    }

    /// <summary>
    /// Makes sure that a caller whose token could not be checked gets 503, where other schemes alone are asked for a challenge.
    /// </summary>
    public static void AssertUnavailable(HttpContext context, AuthorizationDenial refused)
    {
        bool isRefusal =
            context.Response.StatusCode
            is StatusCodes.Status401Unauthorized
                or StatusCodes.Status403Forbidden
                or StatusCodes.Status302Found;
        if (refused.Unchecked is null || refused.IsUnavailabilityWritten || !isRefusal)
            return;

        refused.IsUnavailabilityWritten = true;
        var refusal = new WrittenChallenge
        {
            StatusCode = StatusCodes.Status503ServiceUnavailable,
            Description = refused.Unchecked.Message,
        };
        WriteUnavailable(context, refusal, refused.Unchecked.RetryAfter);
    }

    /// <summary>The same for a refusal that no result handler of ours gets to see, by a filter of MVC for one.</summary>
    public static void AssertUnavailableOnStarting(HttpContext context, AuthorizationDenial refused) =>
        context.Response.OnStarting(() =>
        {
            if (ReferenceEquals(AuthorizationDenial.Of(context), refused))
                AssertUnavailable(context, refused);
            return Task.CompletedTask;
        });

    private static void WriteUnavailable(HttpContext context, WrittenChallenge refusal, TimeSpan? retryAfter)
    {
        double seconds = Math.Ceiling((retryAfter ?? s_defaultRetryAfter).TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        Settle(context, refusal);
        refusal.Reassert(context.Response);
    }

    private static string ErrorOf(OAuthIntrospectionFailure? failure) =>
        failure switch
        {
            OAuthIntrospectionFailure.InvalidProof => ErrorCodes.InvalidProof,
            OAuthIntrospectionFailure.NonceRequired => ErrorCodes.NonceRequired,
            _ => ErrorCodes.InvalidToken,
        };

    /// <summary>RFC 9449, section 7.2: beside the bearer's challenge where the application wants it, and where the token needs nothing else.</summary>
    private static bool OffersDPoP(ChallengeContext context) =>
        context.AuthenticateFailure is OAuthIntrospectionException { Failure: OAuthIntrospectionFailure.DPoPRequired }
        || (context.Options.DPoP.Offer && context is { StatusCode: StatusCodes.Status401Unauthorized, IsStepUp: false });

    private static void AppendOffer(ChallengeContext context)
    {
        var header = new ChallengeHeaderBuilder(ChallengeHeaderBuilder.DPoP);
        header.Add("realm", context.Options.Realm);
        header.Add("scope", context.Scope);
        header.Add("algs", AlgorithmsOf(context.Options));
        header.Add("resource_metadata", context.ResourceMetadata);
        Append(context.Response, header.ToString());
    }

    private static string AlgorithmsOf(OAuthIntrospectionOptions options) => string.Join(' ', options.DPoP.AcceptedAlgorithms);

    private static string? ResourceMetadataOf(OAuthIntrospectionOptions options) =>
        options.Resource is { } resource ? MetadataUrl.Of(resource) : null;

    private static void Settle(HttpContext context, WrittenChallenge refusal)
    {
        WrittenChallenge? earlier = context.Features.Get<WrittenChallenge>();
        if (earlier is { Outweighs: true } && !refusal.IsUnavailable)
            return;
        if (refusal.Error is null && earlier is { Error: not null } && earlier.StatusCode == refusal.StatusCode)
            return; // a scheme that accepted the token has said more

        context.Response.StatusCode = refusal.StatusCode;
        context.Features.Set(refusal);

        // Other schemes may speak afterwards, and not only under the authorization middleware.
        if (refusal.Outweighs)
            context.Response.OnStarting(Reassert, context);
    }

    private static Task Reassert(object context)
    {
        var httpContext = (HttpContext)context;
        if (httpContext.Features.Get<WrittenChallenge>() is { IsSettled: false } refusal)
            refusal.Reassert(httpContext.Response);
        return Task.CompletedTask;
    }

    /// <summary>Other schemes may have added their challenge; the same one twice says nothing more.</summary>
    private static void Append(HttpResponse response, string challenge)
    {
        StringValues present = response.Headers.WWWAuthenticate;
        if (!present.Contains(challenge, StringComparer.Ordinal))
            response.Headers.WWWAuthenticate = StringValues.Concat(present, challenge);
    }
}
