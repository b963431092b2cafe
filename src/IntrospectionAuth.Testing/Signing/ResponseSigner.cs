using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Signing;

/// <summary>Signs responses with ES256 (RFC 9701, section 5). The key is created on first use.</summary>
internal sealed class ResponseSigner
{
    public const string MediaType = "application/token-introspection+jwt";

    private const string Header = """{"alg":"ES256","typ":"token-introspection+jwt","kid":"fake"}""";

    private readonly Lazy<ECDsa> _key = new(static () => ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly Lock _lock = new(); // the platform's key is not documented as thread-safe

    /// <summary>The public key as a JWK set (RFC 7517, section 5).</summary>
    public byte[] PublicKeys
    {
        get
        {
            ECPoint key;
            lock (_lock)
                key = _key.Value.ExportParameters(includePrivateParameters: false).Q;
            return Encoding.UTF8.GetBytes(
                $$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"fake","x":"{{Base64Url.EncodeToString(key.X)}}","y":"{{Base64Url.EncodeToString(key.Y)}}"}]}"""
            );
        }
    }

    /// <summary>Whether the request accepts a signed response (RFC 9701, section 4).</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(static accepted => accepted.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    public byte[] Sign(byte[] response, string issuer, string audience, DateTimeOffset now)
    {
        var claims = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("iss", issuer);
            json.WriteString("aud", audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WritePropertyName("token_introspection");
            json.WriteRawValue(response, skipInputValidation: true); // a test may use invalid JSON
            json.WriteEndObject();
        }

        byte[] input = Encoding.ASCII.GetBytes(
            $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Header))}.{Base64Url.EncodeToString(claims.WrittenSpan)}"
        );
        byte[] signature;
        lock (_lock)
            signature = _key.Value.SignData(input, HashAlgorithmName.SHA256);
        return [.. input, (byte)'.', .. Base64Url.EncodeToUtf8(signature)];
    }
}
