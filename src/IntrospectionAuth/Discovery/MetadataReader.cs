using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Reads an authorization server's metadata (RFC 8414, section 3.2; OpenID Connect Discovery 1.0, section 4.2).</summary>
internal static class MetadataReader
{
    private const string PlainHttp = "is plain http, which RequireHttps forbids";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <param name="body">The document.</param>
    /// <param name="options">Whose it must be, and what is needed of it.</param>
    public static Reading<ServerMetadata> Read(ReadOnlyMemory<byte> body, OAuthIntrospectionOptions options)
    {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span))
            return Reading<ServerMetadata>.Unusable("it is not UTF-8");

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, s_strict);
            return Read(document.RootElement, options);
        }
        catch (JsonException)
        {
            // The exception is dropped: its message may name members of the document.
            return Reading<ServerMetadata>.Unusable("it is not JSON, has a member twice, or is nested too deeply");
        }
        catch (InvalidOperationException)
        {
            return Reading<ServerMetadata>.Unusable("it has a string that is not Unicode"); // an escaped lone surrogate
        }
    }

    private static Reading<ServerMetadata> Read(JsonElement document, OAuthIntrospectionOptions options)
    {
        if (document.ValueKind != JsonValueKind.Object)
            return Reading<ServerMetadata>.Unusable("it is not a JSON object");

        string issuer = options.Authority!;
        if (FindIssuerFault(ReadString(document, "issuer"), issuer) is { } issuerFault)
            return Reading<ServerMetadata>.Unusable(issuerFault);

        bool hasAliases =
            document.TryGetProperty("mtls_endpoint_aliases", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Object;
        string? endpoint = null,
            alias = null,
            keysUrl = null;
        if (options.DiscoversEndpoint)
        {
            endpoint = ReadString(document, "introspection_endpoint");
            if (FindUrlFault(endpoint, options) is { } endpointFault)
                return Reading<ServerMetadata>.Unusable("its introspection_endpoint " + endpointFault);

            alias = hasAliases ? ReadString(aliases, "introspection_endpoint") : null;
            if (alias is not null && FindUrlFault(alias, options) is { } aliasFault)
                return Reading<ServerMetadata>.Unusable("the introspection_endpoint of its mtls_endpoint_aliases " + aliasFault);
        }

        if (options.RequireSignedResponse)
        {
            keysUrl = ReadString(document, "jwks_uri");
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
            }
        );
    }

    /// <summary>Most APIs need none, so one that may not be called counts as absent.</summary>
    private static Uri? ReadTokenEndpoint(JsonElement endpoints, OAuthIntrospectionOptions options) =>
        ReadString(endpoints, "token_endpoint") is { } endpoint && FindUrlFault(endpoint, options) is null ? new Uri(endpoint) : null;

    /// <summary>Compares character by character (RFC 8414, section 3.3): who may speak for another issuer could let anybody in.</summary>
    private static string? FindIssuerFault(string? found, string issuer)
    {
        if (string.Equals(found, issuer, StringComparison.Ordinal))
            return null;
        if (found is null)
            return "it has no issuer";

        bool isSlash = string.Equals(found.TrimEnd('/'), issuer.TrimEnd('/'), StringComparison.Ordinal);
        return isSlash
            ? "its issuer differs from Authority by the slash at the end; write Authority exactly as the issuer"
            : "its issuer is not Authority; write Authority exactly as the issuer";
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

        // Otherwise a server elsewhere could send tokens and secrets to whatever listens on this machine, unencrypted.
        bool isFromElsewhere = !ServerUrl.IsLoopback(new Uri(options.Authority!));
        return options.RequireHttps && isFromElsewhere && new Uri(found).Scheme == Uri.UriSchemeHttp ? PlainHttp : null;
    }

    private static Uri? ToUrl(string? text) => text is null ? null : new Uri(text);

    private static string? ReadString(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
