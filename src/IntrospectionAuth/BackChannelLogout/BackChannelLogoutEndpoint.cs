using System.Text.Json;
using IntrospectionAuth.PushedRevocation;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.BackChannelLogout;

/// <summary>Receives logout tokens and removes the cache entries that they revoke (OpenID Connect Back-Channel Logout 1.0).</summary>
internal sealed class BackChannelLogoutEndpoint(LogoutRecipient recipient, PushedTokenVerifier verifier, PushedEvents events)
{
    private const string Source = "backchannel_logout";

    // Section 4 recommends that tokens expire within two minutes.
    private static readonly TimeSpan s_maximumAge = TimeSpan.FromHours(1);

    /// <summary>Responds as in section 2.8: 200, or 400 for every failure, with the members of an OAuth error.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await ReceiveAsync(context.Request) is not { } rejection)
            return;

        events.Reject(Source, rejection.Description);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("error", rejection.Fault == PushedTokenFault.KeysUnavailable ? "temporarily_unavailable" : "invalid_request");
        json.WriteString("error_description", rejection.Description);
        json.WriteEndObject();
    }

    private async Task<PushedTokenRejection?> ReceiveAsync(HttpRequest request)
    {
        if (await LogoutTokenReader.ReadAsync(request) is not { } text)
            return PushedTokenRejection.Invalid("The body is not a form with one logout_token of at most 16 KB.");

        IntrospectionScheme scheme = recipient.Scheme;
        if (recipient.FindFault(scheme.Options) is not null) // since the options were reloaded
            return new(PushedTokenFault.KeysUnavailable, "The scheme has no Authority or ClientId any more.");

        // Section 2.6. Steps 1 to 4, and the optional step 8 (jti), are the verifier's; 5 to 7 are in LogoutClaims. It verifies the
        // signature (step 2) after the cheaper steps. Steps 9 to 11 compare with an ID token, which an API does not have.
        PushedTokenResult result = await verifier.VerifyAsync(
            scheme,
            text,
            new PushedTokenExpectations
            {
                Type = "logout+jwt",
                AcceptsUntyped = true, // section 2.4 only recommends the type
                Issuer = scheme.Options.Authority!,
                Audiences = recipient.GetClientIds(scheme.Options),
                RequiresExpiry = true,
                MaximumAge = s_maximumAge,
                FindFault = LogoutClaims.FindFault,
            },
            CancellationToken.None // A valid token takes effect even if its sender no longer waits.
        );
        if (!result.IsAccepted)
            return result.Rejection;

        events.Apply(Source, "logout", LogoutClaims.FindRevoked(result.Token.Claims));
        return null;
    }
}
