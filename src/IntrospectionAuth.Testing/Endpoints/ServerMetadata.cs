using System.Buffers;
using System.Text.Json;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>What the server says about itself, and where (RFC 8414, section 3; OpenID Connect Discovery 1.0, section 4).</summary>
internal static class ServerMetadata
{
    private static readonly string[] s_names = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

    /// <summary>Whether the path is a well-known one of the issuer.</summary>
    public static bool IsAt(string path, string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url))
            return false;

        string tenant = url.AbsolutePath.TrimEnd('/');
        return s_names.Any(name => path == tenant + name || path == name + tenant);
    }

    public static byte[] Write(FakeAuthorizationServer server, string keysUrl)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("issuer", server.Issuer);
            json.WriteString("introspection_endpoint", server.IntrospectionEndpoint);
            json.WriteString("revocation_endpoint", server.RevocationEndpoint);
            json.WriteString("jwks_uri", keysUrl);
            json.WriteStartArray("introspection_signing_alg_values_supported");
            json.WriteStringValue("ES256");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
