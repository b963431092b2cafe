using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Builds a JWS in compact serialization (RFC 7515, section 5.1).</summary>
internal static class JwsBuilder
{
    /// <summary>Signs with a local key.</summary>
    public static string Sign(JwsHeader header, ReadOnlySpan<byte> payload, JoseKey key)
    {
        string signingInput = CreateSigningInput(header, payload);
        return Complete(signingInput, key.Sign(header.Algorithm, Encoding.ASCII.GetBytes(signingInput)));
    }

    /// <summary>The first two parts, whose ASCII bytes are to be signed.</summary>
    public static string CreateSigningInput(JwsHeader header, ReadOnlySpan<byte> payload) =>
        $"{Base64UrlText.Encode(Write(header))}.{Base64UrlText.Encode(payload)}";

    public static string Complete(string signingInput, ReadOnlySpan<byte> signature) => $"{signingInput}.{Base64UrlText.Encode(signature)}";

    private static ReadOnlySpan<byte> Write(JwsHeader header)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg", header.Algorithm.Name);
            if (header.Type is not null)
                json.WriteString("typ", header.Type);
            if (header.KeyId is not null)
                json.WriteString("kid", header.KeyId);
            if (header.CertificateThumbprint is not null)
                json.WriteString("x5t#S256", header.CertificateThumbprint);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
