using System.Net;

namespace IntrospectionAuth.Responses;

/// <summary>Distinguishes rejected credentials from a verdict about a token, and states what an operator should check.</summary>
/// <remarks>
/// RFC 7662, section 2.3, with the error codes of RFC 6749, section 5.2, RFC 6750, section 3.1, and RFC 7009, section 2.2.1.
/// </remarks>
internal static class CredentialRefusalReader
{
    public static CredentialRefusal Read(ClientAuthenticationContext request, HttpStatusCode status, string? errorCode)
    {
        // This API sends no credentials of its own.
        if (request.Options.ClientAuthenticationMethod.UsesPresentedToken)
            return CredentialRefusal.No;
        if (errorCode is "invalid_client" or "unauthorized_client" && (int)status is >= 400 and < 500)
            return CredentialRefusal.OfClient;
        if (status is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            return CredentialRefusal.No;

        switch (errorCode)
        {
            case "unsupported_token_type":
                return CredentialRefusal.No;
            case "invalid_token": // It means the token in the Authorization header; without one, the caller's.
                return SendsBearerToken(request) ? CredentialRefusal.Yes : CredentialRefusal.No;
            case "invalid_request" when status != HttpStatusCode.Unauthorized:
                return CredentialRefusal.No;
            default:
                return status == HttpStatusCode.BadRequest ? CredentialRefusal.Maybe : CredentialRefusal.Yes;
        }
    }

    /// <returns>By which method the request was authenticated, and what to check when its credentials are rejected.</returns>
    public static string Advise(ClientAuthenticationContext request, ClientAuthenticationMethod method)
    {
        string check =
            request.Parameters.ContainsKey("client_assertion")
                ? "Check ClientAssertionType (some servers want client-authentication+jwt, others JWT) and ClientAssertionAudience, "
                    + "then ClientId and the key or secret that the server has for it."
            : method.SendsOwnToken
                ? "Check whether the token of this API may introspect: its scope, and the permissions of its client at the server."
            : method.PresentsCertificate(request.Options) ? "Check ClientId, and whether the server knows the client certificate."
            : "Check ClientId, ClientSecret and ClientAuthenticationMethod.";
        return $"This API authenticated by {method.Name}. {check}";
    }

    private static bool SendsBearerToken(ClientAuthenticationContext request) =>
        request.Request.Headers.Authorization?.Scheme is { } scheme
        && (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase));
}
