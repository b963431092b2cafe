using IntrospectionAuth.Http;
using IntrospectionAuth.Scopes;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options by which this API obtains a token for itself.</summary>
internal static class ClientCredentialsFaults
{
    private static readonly string[] s_reservedParameters =
    [
        "grant_type",
        "scope",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ];

    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        OAuthIntrospectionClientCredentialsOptions credentials = options.ClientCredentials;
        if (!options.ClientAuthenticationMethod.NeedsClientToken)
        {
            if (!credentials.IsEmpty)
            {
                yield return "ClientCredentials is set, but the client authentication method "
                    + $"{options.ClientAuthenticationMethod} obtains no token. Set ClientAuthenticationMethod to "
                    + "client_credentials, or remove it.";
            }

            yield break;
        }

        if (FindEndpointFault(options, credentials.TokenEndpoint) is { } endpointFault)
            yield return endpointFault;

        if (credentials.Scope is { Length: > 0 } scope && !scope.Split(' ').All(ScopeToken.IsValid))
        {
            yield return "ClientCredentials.Scope is not a valid scope. Separate its values with one space, without quotation marks and "
                + "backslashes.";
        }

        if (
            credentials.Parameters.Any(static parameter =>
                string.IsNullOrWhiteSpace(parameter.Key) || string.IsNullOrWhiteSpace(parameter.Value)
            )
        )
        {
            yield return "ClientCredentials.Parameters has an empty value. Remove it, or write the value that is meant.";
        }

        foreach (string parameter in credentials.Parameters.Keys.Intersect(s_reservedParameters, StringComparer.Ordinal))
            yield return $"ClientCredentials.Parameters has {parameter}, which the handler sets itself. Remove it.";
    }

    private static string? FindEndpointFault(OAuthIntrospectionOptions options, string? endpoint)
    {
        if (string.IsNullOrWhiteSpace(endpoint))
        {
            return options.DiscoversEndpoint || string.IsNullOrWhiteSpace(options.IntrospectionEndpoint)
                ? null
                : "ClientCredentials.TokenEndpoint is not set, and is not discovered if IntrospectionEndpoint is set. "
                    + "Set it, or set Authority alone.";
        }

        return ServerUrl.FindFault(endpoint, options.RequireHttps) switch
        {
            UrlFault.PlainHttp => "ClientCredentials.TokenEndpoint is plain http, which exposes secrets and tokens to the network. "
                + ValidateOptions.UseHttps,
            UrlFault.UserInfoOrFragment => "ClientCredentials.TokenEndpoint has user information or a fragment. Remove it; "
                + "credentials belong in ClientId and ClientSecret.",
            UrlFault.NotAbsolute =>
                "ClientCredentials.TokenEndpoint is not an absolute https URL. Write it whole: https://server.example.com/token.",
            _ when options.ClientCredentials.AuthenticationMethod.UsesClientCertificate
                    && endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase) =>
                "ClientCredentials.TokenEndpoint is plain http, but the client authentication method "
                    + $"{options.ClientCredentials.AuthenticationMethod} shows a certificate in the TLS handshake. Use https.",
            _ => null,
        };
    }
}
