using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IntrospectionAuth.Discovery;

/// <summary>Reads an authorization server's metadata (RFC 8414, section 3.2; OpenID Connect Discovery 1.0, section 4.2).</summary>
internal static class MetadataReader
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <param name="body">The document.</param>
    /// <param name="issuer">Whose it must be.</param>
    public static MetadataReading Read(ReadOnlyMemory<byte> body, string issuer)
    {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span))
            return MetadataReading.NotMetadata("it is not UTF-8");

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, s_strict);
            return Read(document.RootElement, issuer);
        }
        catch (JsonException)
        {
            // The exception is dropped: its message may name members of the document.
            return MetadataReading.NotMetadata("it is not JSON, has a member twice, or is nested too deeply");
        }
        catch (InvalidOperationException)
        {
            return MetadataReading.NotMetadata("it has a string that is not Unicode"); // an escaped lone surrogate
        }
    }

    private static MetadataReading Read(JsonElement document, string issuer)
    {
        if (document.ValueKind != JsonValueKind.Object)
            return MetadataReading.NotMetadata("it is not a JSON object");
        if (FindIssuerFault(ReadString(document, "issuer"), issuer) is { } issuerFault)
            return MetadataReading.NotMetadata(issuerFault);

        string? endpoint = ReadString(document, "introspection_endpoint");
        if (FindEndpointFault(endpoint, issuer) is { } endpointFault)
            return MetadataReading.NotMetadata("its introspection_endpoint " + endpointFault);

        string? alias = document.TryGetProperty("mtls_endpoint_aliases", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Object
            ? ReadString(aliases, "introspection_endpoint")
            : null;
        if (alias is not null && FindEndpointFault(alias, issuer) is { } aliasFault)
            return MetadataReading.NotMetadata("the introspection_endpoint of its mtls_endpoint_aliases " + aliasFault);

        return MetadataReading.Of(new ServerMetadata(new Uri(endpoint!), alias is null ? null : new Uri(alias))
        {
            TokenEndpoint = ReadTokenEndpoint(document, issuer),
            MtlsTokenEndpoint = aliases.ValueKind == JsonValueKind.Object ? ReadTokenEndpoint(aliases, issuer) : null,
        });
    }

    /// <summary>Most APIs need none, so one that may not be called counts as absent.</summary>
    private static Uri? ReadTokenEndpoint(JsonElement endpoints, string issuer) =>
        ReadString(endpoints, "token_endpoint") is { } endpoint && FindEndpointFault(endpoint, issuer) is null ? new Uri(endpoint) : null;

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

    private static string? FindEndpointFault(string? endpoint, string issuer)
    {
        if (string.IsNullOrEmpty(endpoint))
            return "is not there";

        switch (ServerUrl.FindFault(endpoint))
        {
            case UrlFault.NotAbsolute:
                return "is not an absolute https URL";
            case UrlFault.PlainHttp:
                return "is plain http";
            case UrlFault.UserInfoOrFragment:
                return "has user information or a fragment";
        }

        // Otherwise a server elsewhere could send tokens and secrets to whatever listens on this machine, unencrypted.
        var url = new Uri(endpoint);
        return url.Scheme == Uri.UriSchemeHttp && !ServerUrl.IsLoopback(new Uri(issuer)) ? "is plain http" : null;
    }

    private static string? ReadString(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
