using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>Decides which challenge determines the status when several schemes challenge one request.</summary>
internal static class ChallengePrecedence
{
    /// <summary>Writes the status of a challenge, unless an earlier one takes precedence.</summary>
    public static void Apply(HttpContext context, WrittenChallenge challenge)
    {
        WrittenChallenge? earlier = context.Features.Get<WrittenChallenge>();
        if (earlier is { TakesPrecedence: true } && !challenge.IsUnavailable)
            return;
        if (challenge.Error is null && earlier is { Error: not null } && earlier.StatusCode == challenge.StatusCode)
            return; // The earlier challenge has the same status and says more.

        context.Response.StatusCode = challenge.StatusCode;
        context.Features.Set(challenge);
        if (challenge.TakesPrecedence)
            EnforceOnStarting(context);
    }

    public static void ApplyUnavailable(HttpContext context, WrittenChallenge challenge, TimeSpan? retryAfter)
    {
        RetryAfterHeader.Set(context.Response, retryAfter);
        Apply(context, challenge);
    }

    /// <summary>
    /// Enforces the precedence after the other schemes have challenged. The result handler does so when the authorization middleware denies
    /// a request; the start of the response does so for filters of MVC, and for challenges that the application makes itself.
    /// </summary>
    public static void Enforce(HttpContext context)
    {
        // Only schemes other than that of the unavailable server may have challenged.
        if (
            AuthorizationDenial.Of(context) is { Unavailable: { } unavailable, IsUnavailabilityWritten: false } denial
            && IsReplaceable(context.Response)
        )
        {
            denial.IsUnavailabilityWritten = true;
            var written = new WrittenChallenge
            {
                StatusCode = StatusCodes.Status503ServiceUnavailable,
                Description = unavailable.Message,
                Explanation = RequestDecisions.FindSent(context, unavailable.Scheme)?.Explanation,
            };
            ApplyUnavailable(context, written, unavailable.RetryAfter);
        }

        if (context.Features.Get<WrittenChallenge>() is { TakesPrecedence: true, IsFinal: false } challenge)
            Restore(context.Response, challenge);
    }

    public static void EnforceOnStarting(HttpContext context) =>
        context.Response.OnStarting(
            static state =>
            {
                Enforce((HttpContext)state);
                return Task.CompletedTask;
            },
            context
        );

    private static void Restore(HttpResponse response, WrittenChallenge challenge)
    {
        if (response.StatusCode != challenge.StatusCode && !IsReplaceable(response))
            return;

        response.StatusCode = challenge.StatusCode;
        response.Headers.Remove(HeaderNames.Location); // a cookie scheme's redirect to its login page
        if (challenge.IsUnavailable)
            response.Headers.Remove(HeaderNames.WWWAuthenticate);
    }

    private static bool IsReplaceable(HttpResponse response) =>
        response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status302Found;
}
