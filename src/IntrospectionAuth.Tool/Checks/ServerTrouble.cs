using System.Globalization;
using System.Net;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Describes why an authorization server gave no usable response, and what to do about it.</summary>
internal static class ServerTrouble
{
    /// <param name="trouble">Why there is no usable response.</param>
    /// <param name="url">The URL that was called.</param>
    /// <param name="options">The options of the scheme.</param>
    public static (string Found, string Remedy) Describe(Unavailability trouble, string url, OAuthIntrospectionOptions options)
    {
        string setting = options.DiscoversEndpoint ? "Authority (or the introspection_endpoint of its metadata)" : "IntrospectionEndpoint";
        string seconds = options.Timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return trouble.Reason switch
        {
            UnavailableReason.Refused => (
                $"{url} responds {Status(trouble)}: it rejects the credentials of this API.",
                trouble.Advice ?? "Check ClientId, ClientSecret and ClientAuthenticationMethod."
            ),
            UnavailableReason.UnexpectedStatus => ($"{url} responds {Status(trouble)}.", AdviseOnStatus(trouble, setting)),
            UnavailableReason.InvalidResponse => (
                $"The response of {url} is not an introspection response: {trouble.Fault}.",
                AdviseOnBody(trouble.Fault!, setting)
            ),
            UnavailableReason.TimedOut or UnavailableReason.ApplicationTimedOut => (
                $"{url} sends no complete response within {seconds} s.",
                "Find out why the server is slow, or raise Timeout."
            ),
            UnavailableReason.NotIssued => (
                $"The token endpoint issues no token for this API: {trouble.Fault ?? trouble.ErrorType}.",
                trouble.Advice ?? "Check ClientCredentials, ClientId and ClientSecret."
            ),
            UnavailableReason.ServerKeysNotFound => (
                $"The keys of the server cannot be used: {trouble.Fault ?? trouble.ErrorType}.",
                "Correct jwks_uri or the keys at the authorization server."
            ),
            UnavailableReason.NotDiscovered => (
                $"The metadata of {options.Authority} cannot be used: {trouble.Fault}.",
                "Check Authority."
            ),
            UnavailableReason.ClientAuthenticationFailed => (
                $"The client authentication method {options.ClientAuthenticationMethod} fails before anything is sent.",
                "Check the key or certificate files of the scheme, and whether this user may read them."
            ),
            UnavailableReason.BackingOff => (
                $"{url} asks all callers to wait (Retry-After).",
                "Try again later. If this happens often, ask for a higher limit at the server."
            ),
            _ => ($"{url} cannot be reached: {trouble.ErrorType}.", "Check that the authorization server runs, and a proxy on the way."),
        };
    }

    private static string Status(Unavailability trouble)
    {
        string status = ((int?)trouble.StatusCode ?? 0).ToString(CultureInfo.InvariantCulture);
        return trouble.ErrorCode is { } code ? $"{status} with the error code {code}" : status;
    }

    private static string AdviseOnStatus(Unavailability trouble, string setting) =>
        trouble.StatusCode switch
        {
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                $"Redirects are never followed; this one probably leads to a login page. Correct {setting}.",
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone =>
                $"There is no introspection endpoint at this URL. Correct {setting}.",
            HttpStatusCode.TooManyRequests => "The server limits its callers. Try again later, or ask for a higher limit.",
            >= HttpStatusCode.InternalServerError => "The server or a proxy in front of it fails. Look at its log.",
            _ => "The server rejects the form of the request. Check TokenTypeHint and IntrospectionParameters; if it responds to unknown "
                + "tokens in this way, add the status to InactiveStatusCodes.",
        };

    private static string AdviseOnBody(string fault, string setting) =>
        fault.Contains("text/html", StringComparison.Ordinal) ? $"The URL leads to a web page. Correct {setting}."
        : fault.Contains("signed", StringComparison.Ordinal)
            ? "Check whether the server signs responses for this client, and RequireSignedResponse."
        : $"Correct {setting}. If the server does not follow RFC 7662, adapt its response in OnResponseReceived.";
}
