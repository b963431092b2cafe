using System.Text.Json;
using IntrospectionAuth.Http;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Reads an authorization server's metadata (RFC 8414, section 3.2; OpenID Connect Discovery 1.0, section 4.2).</summary>
internal static class MetadataReader
{
    private const string PlainHttp = "is plain http, which RequireHttps forbids";

    private const int MaximumDepth = 32;

    /// <param name="body">The document.</param>
    /// <param name="options">The options, which name the issuer.</param>
    /// <param name="needs">What is needed.</param>
    public static Reading<ServerMetadata> Read(ReadOnlyMemory<byte> body, OAuthIntrospectionOptions options, MetadataNeeds needs) =>
        StrictJson.Read(body, MaximumDepth, document => Read(document, options, needs));

    private static Reading<ServerMetadata> Read(JsonElement document, OAuthIntrospectionOptions options, MetadataNeeds needs)
    {
        string issuer = options.Authority!;
        if (FindIssuerFault(document.ReadString("issuer"), issuer) is { } issuerFault)
            return Reading<ServerMetadata>.Unusable(issuerFault);

        bool hasAliases =
            document.TryGetProperty("mtls_endpoint_aliases", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Object;
        string? endpoint = null,
            alias = null,
            keysUrl = null;
        if (needs.Endpoint)
        {
            endpoint = document.ReadString("introspection_endpoint");
            if (FindUrlFault(endpoint, options) is { } endpointFault)
                return Reading<ServerMetadata>.Unusable("its introspection_endpoint " + endpointFault);

            alias = hasAliases ? aliases.ReadString("introspection_endpoint") : null;
            if (alias is not null && FindUrlFault(alias, options) is { } aliasFault)
                return Reading<ServerMetadata>.Unusable("the introspection_endpoint of its mtls_endpoint_aliases " + aliasFault);
        }

        if (needs.Keys)
        {
            keysUrl = document.ReadString("jwks_uri");
            if (FindUrlFault(keysUrl, options) is { } keysFault)
                return Reading<ServerMetadata>.Unusable("its jwks_uri " + keysFault);
        }

        return Reading<ServerMetadata>.Of(
            new ServerMetadata
            {
                IntrospectionEndpoint = ToUrl(endpoint),
                MtlsIntrospectionEndpoint = ToUrl(alias),
                KeysUrl = ToUrl(keysUrl),
                TokenEndpoint = ReadTokenEndpoint(document, options),
                MtlsTokenEndpoint = hasAliases ? ReadTokenEndpoint(aliases, options) : null,
                Flows = PublishedFlowsReader.Read(document, endpoint => FindUrlFault(endpoint, options) is null),
            }
        );
    }

    /// <summary>Most APIs need no token endpoint, so one with an unacceptable URL counts as absent.</summary>
    private static Uri? ReadTokenEndpoint(JsonElement endpoints, OAuthIntrospectionOptions options) =>
        endpoints.ReadUnicode("token_endpoint") is { } endpoint && FindUrlFault(endpoint, options) is null ? new Uri(endpoint) : null;

    /// <summary>
    /// Compares character by character (RFC 8414, section 3.3): metadata of another issuer could name an endpoint that accepts any token.
    /// </summary>
    private static string? FindIssuerFault(string? found, string issuer)
    {
        if (string.Equals(found, issuer, StringComparison.Ordinal))
            return null;
        if (found is null)
            return "it has no issuer";

        bool isSlash = string.Equals(found.TrimEnd('/'), issuer.TrimEnd('/'), StringComparison.Ordinal);
        string difference = isSlash ? "its issuer differs from Authority by the slash at the end" : "its issuer is not Authority";
        return $"{difference} (found {LogText.Of(found)}, expected {LogText.Of(issuer)}); write Authority exactly as the issuer";
    }

    private static string? FindUrlFault(string? found, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(found))
            return "is not there";

        switch (ServerUrl.FindFault(found, options.RequireHttps))
        {
            case UrlFault.NotAbsolute:
                return "is not an absolute https URL";
            case UrlFault.PlainHttp:
                return PlainHttp;
            case UrlFault.UserInfoOrFragment:
                return "has user information or a fragment";
        }

        // Otherwise a remote server could redirect tokens and secrets to a process on this machine, unencrypted.
        bool isFromElsewhere = !ServerUrl.IsLoopback(new Uri(options.Authority!));
        return options.RequireHttps && isFromElsewhere && new Uri(found).Scheme == Uri.UriSchemeHttp ? PlainHttp : null;
    }

    private static Uri? ToUrl(string? text) => text is null ? null : new Uri(text);
}
