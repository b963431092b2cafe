using System.Text.Json;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Json;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Parses the <c>DPoP</c> header of a request (RFC 9449, section 4.3, steps 1 to 3), without verifying it or importing the key.
/// </summary>
internal static class DPoPProofReader
{
    /// <summary>In characters: enough for an RSA key of 8192 bits, its signature and a long URL.</summary>
    public const int MaximumLength = 8192;

    /// <summary>In characters.</summary>
    public const int MaximumIdLength = 512;

    private const int MaximumDepth = 8;

    /// <returns>The proof, or null and what is wrong with it.</returns>
    public static DPoPProof? Read(StringValues header, out ProofFault fault)
    {
        // 1. Exactly one header. Two headers that a proxy joined with a comma are not a JWT.
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
            using JsonDocument payload = StrictJson.Parse(message.Payload, MaximumDepth);
            if (Read(payload.RootElement, message, jwk) is { } proof)
            {
                fault = ProofFault.None;
                return proof;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            fault = ProofFault.Malformed; // not JSON, a duplicate member, or text that is not Unicode
        }

        return null;
    }

    private static DPoPProof? Read(JsonElement claims, Jws message, JsonElement jwk)
    {
        if (
            claims.ValueKind != JsonValueKind.Object
            || claims.ReadString("jti") is not { Length: > 0 and <= MaximumIdLength } id
            || claims.ReadString("htm") is not { } method
            || claims.ReadString("htu") is not { } url
            || claims.ReadString("ath") is not { } tokenHash // section 4.2: required together with an access token
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
            Nonce = claims.ReadString("nonce"),
        };
    }
}
