using System.Text.Json;
using IntrospectionAuth.Jose;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Reads the header <c>DPoP</c> of a request (RFC 9449, section 4.3, steps 1 to 3). It verifies nothing, and imports no key.
/// </summary>
internal static class DPoPProofReader
{
    /// <summary>In characters: room for an RSA key of 8192 bits, its signature and a long URL. What is longer is not looked at.</summary>
    public const int MaximumLength = 8192;

    /// <summary>In characters.</summary>
    public const int MaximumIdLength = 512;

    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <returns>The proof, or null and what is wrong with it.</returns>
    public static DPoPProof? Read(StringValues header, out ProofFault fault)
    {
        // 1. Not more than one header, and here not less. Two that a proxy has joined by a comma are no JWT.
        fault = ProofFault.NotOneHeader;
        if (header.Count != 1 || header[0] is not { Length: > 0 } compact)
            return null;

        // 2. One well-formed JWT.
        fault = ProofFault.Malformed;
        if (compact.Length > MaximumLength || JwsReader.Read(compact) is not { } message)
            return null;

        // 3. All required claims.
        fault = ProofFault.MissingClaim;
        if (message.Header.Jwk is not { } jwk)
            return null;

        try
        {
            using JsonDocument payload = JsonDocument.Parse(message.Payload, s_json);
            if (Read(payload.RootElement, message, jwk) is { } proof)
            {
                fault = ProofFault.None;
                return proof;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            fault = ProofFault.Malformed; // not JSON, a member twice, or text that is not Unicode
        }

        return null;
    }

    private static DPoPProof? Read(JsonElement claims, Jws message, JsonElement jwk)
    {
        if (
            claims.ValueKind != JsonValueKind.Object
            || Text(claims, "jti") is not { Length: > 0 and <= MaximumIdLength } id
            || Text(claims, "htm") is not { } method
            || Text(claims, "htu") is not { } url
            || Text(claims, "ath") is not { } tokenHash // section 4.2: required together with an access token
            || !claims.TryGetProperty("iat", out JsonElement issued)
            || issued.ValueKind != JsonValueKind.Number
            || !issued.TryGetDouble(out double issuedAt)
        )
        {
            return null;
        }

        return new DPoPProof
        {
            Message = message,
            Jwk = jwk,
            Id = id,
            Method = method,
            Url = url,
            IssuedAt = issuedAt,
            TokenHash = tokenHash,
            Nonce = Text(claims, "nonce"),
        };
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
