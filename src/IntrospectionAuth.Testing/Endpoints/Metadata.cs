using System.Text.Json;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>The metadata of the server (RFC 8414; OpenID Connect Discovery 1.0).</summary>
internal static class Metadata
{
    private const string OpenIdConfiguration = "/.well-known/openid-configuration";
    private const string AuthorizationServer = "/.well-known/oauth-authorization-server";

    /// <summary>Whether a path is one of the well-known paths of an issuer. An issuer that is not a URL has none.</summary>
    public static bool IsAt(string path, string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url))
            return false;

        string tenant = url.AbsolutePath.TrimEnd('/');
        string[] paths =
        [
            tenant + OpenIdConfiguration, // OpenID Connect Discovery 1.0, section 4.1
            AuthorizationServer + tenant, // RFC 8414, section 3.1
            OpenIdConfiguration + tenant, // RFC 8414, section 5
        ];
        return paths.Contains(path, StringComparer.Ordinal);
    }

    /// <param name="server">The server.</param>
    /// <param name="keysUrl">The URL of the keys of signed responses; null when the server does not sign responses.</param>
    public static byte[] Write(FakeAuthorizationServer server, string? keysUrl)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("issuer", server.Issuer);
            writer.WriteString("introspection_endpoint", server.IntrospectionEndpoint);
            writer.WriteString("revocation_endpoint", server.RevocationEndpoint);
            writer.WriteString("token_endpoint", server.TokenEndpoint);
            if (keysUrl is not null)
            {
                writer.WriteString("jwks_uri", keysUrl);
                writer.WriteStartArray("introspection_signing_alg_values_supported");
                writer.WriteStringValue("ES256");
                writer.WriteEndArray();
            }

            writer.WriteStartArray("response_types_supported"); // required by RFC 8414, section 2; empty without an authorization endpoint
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return json.ToArray();
    }
}
