using IntrospectionAuth.Http;
using IntrospectionAuth.Providers;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options that say where the authorization server is, and what is sent to it.</summary>
internal static class EndpointFaults
{
    private static readonly string[] s_reservedParameters =
    [
        "token",
        "token_type_hint",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ];

    public static IEnumerable<string> Find(string scheme, OAuthIntrospectionOptions options)
    {
        if (FindUrlFault(scheme, options) is { } fault)
            yield return fault;

        if (options.IntrospectionParameters.Keys.Any(string.IsNullOrWhiteSpace))
            yield return "IntrospectionParameters has an empty name. Remove it, or write the parameter that is meant.";
        foreach (string parameter in options.IntrospectionParameters.Keys.Intersect(s_reservedParameters, StringComparer.Ordinal))
            yield return $"IntrospectionParameters has {parameter}, which the handler sets itself. Remove it.";
    }

    private static string? FindUrlFault(string scheme, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.IntrospectionEndpoint))
        {
            return string.IsNullOrWhiteSpace(options.Authority)
                ? "IntrospectionEndpoint is not set. Set it, or use a provider: "
                    + $"{string.Join(", ", ProviderPreset.Names.Select(static name => "Use" + name))} "
                    + "(in configuration: Provider), or set Authority to the server's issuer, from which it is discovered. "
                    + $"In configuration, the settings of this scheme belong to Authentication:Schemes:{scheme}."
                : Describe(nameof(options.Authority), ServerUrl.FindIssuerFault(options.Authority, options.RequireHttps));
        }

        // A preset builds the endpoint from Authority. Then Authority is the setting to fix.
        string setting =
            !string.IsNullOrEmpty(options.Authority)
            && options.IntrospectionEndpoint.StartsWith(options.Authority, StringComparison.Ordinal)
                ? nameof(options.Authority)
                : nameof(options.IntrospectionEndpoint);
        if (Describe(setting, ServerUrl.FindFault(options.IntrospectionEndpoint, options.RequireHttps)) is { } fault)
            return fault;

        return string.IsNullOrEmpty(options.Authority)
            ? null
            : Describe(nameof(options.Authority), ServerUrl.FindIssuerFault(options.Authority, options.RequireHttps));
    }

    private static string? Describe(string setting, UrlFault? fault) =>
        fault switch
        {
            UrlFault.NotAbsolute => $"{setting} is not an absolute https URL. Write it whole: https://server.example.com.",
            UrlFault.PlainHttp => $"{setting} is plain http, which exposes tokens and secrets to the network. {ValidateOptions.UseHttps}",
            UrlFault.UserInfoOrFragment =>
                $"{setting} has user information or a fragment. Remove it; credentials belong in ClientId and ClientSecret.",
            UrlFault.Query => $"{setting} has a query, which an issuer cannot have. Remove it, or set IntrospectionEndpoint.",
            _ => null,
        };
}
