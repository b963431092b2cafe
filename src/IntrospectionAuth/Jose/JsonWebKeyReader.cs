using System.Security.Cryptography;
using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a signature key from a JWK (RFC 7517; RFC 7518, section 6). No fault contains a part of the key.</summary>
/// <remarks>
/// All checks that need no arithmetic come before the import, which checks that the members belong together: an import takes longer than
/// the verification of a signature.
/// </remarks>
internal static class JsonWebKeyReader
{
    private const int MaximumDepth = 8;

    /// <summary>The members of a private or symmetric JWK (RFC 7518, section 6) that are secret.</summary>
    public static IReadOnlyList<string> PrivateMembers { get; } = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <param name="json">The JWK.</param>
    /// <param name="fault">The rest of a sentence that begins with "The key"; null when the key is returned.</param>
    /// <returns>The key, private if the JWK has its private members; null when there is a fault.</returns>
    public static JoseKey? Read(string json, out string? fault)
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(json, MaximumDepth);
            return Read(document.RootElement, out fault);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            fault = "is not a JSON object, or has a member twice";
            return null;
        }
    }

    /// <summary>Reads a key from JSON that was parsed without allowing duplicate members.</summary>
    public static JoseKey? Read(JsonElement jwk, out string? fault)
    {
        try
        {
            fault = JsonWebKeyValidator.FindFault(jwk);
            return fault is not null
                ? null
                : jwk.ReadString("kty") switch
                {
                    "RSA" => ReadRsa(jwk, out fault),
                    "EC" => ReadEc(jwk, out fault),
                    _ => ReadSymmetric(jwk, out fault),
                };
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException)
        {
            fault = "has members that contradict each other, or text that is not Unicode";
            return null;
        }
    }

    /// <summary>Reads a public key that verifies this algorithm. A key for another algorithm is not imported.</summary>
    public static JoseKey? ReadPublic(JsonElement jwk, JoseAlgorithm algorithm, out string? fault)
    {
        try
        {
            fault =
                !IsPublic(jwk) ? "is not public"
                : JsonWebKeyValidator.AlgorithmsOf(jwk).Contains(algorithm) ? null
                : "does not support the algorithm";
        }
        catch (InvalidOperationException)
        {
            fault = "has text that is not Unicode";
        }

        return fault is null ? Read(jwk, out fault) : null;
    }

    /// <summary>Whether the key has no private member (RFC 7518, sections 6.2.2, 6.3.2 and 6.4).</summary>
    public static bool IsPublic(JsonElement jwk) => jwk.ValueKind == JsonValueKind.Object && !PrivateMembers.Any(name => jwk.Has(name));

    private static RsaJoseKey? ReadRsa(JsonElement jwk, out string? fault)
    {
        // With an exponent of 1 a signature is the message itself.
        if (jwk.Number("n") is not { } n || jwk.Number("e") is not { } e || (e[^1] & 1) == 0 || (e.Length == 1 && e[0] == 1))
            return Reject("has an n or an e that is missing or malformed", out fault);
        if (n.Length is < RsaJoseKey.MinimumSize / 8 or > RsaJoseKey.MaximumSize / 8 || e.Length > 4)
        {
            return Reject(
                $"has an n of other than {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize} bits, or an e of more than 32",
                out fault
            );
        }

        var parameters = new RSAParameters { Modulus = n, Exponent = e };
        if (jwk.Has("d"))
        {
            if (
                jwk.Number("d") is not { } d
                || jwk.Number("p") is not { } p
                || jwk.Number("q") is not { } q
                || jwk.Number("dp") is not { } dp
                || jwk.Number("dq") is not { } dq
                || jwk.Number("qi") is not { } qi
            )
            {
                return Reject("lacks a private member, or has one that is malformed", out fault);
            }

            parameters.D = Widen(d, n.Length);
            int half = (n.Length + 1) / 2;
            (parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ) = (
                Widen(p, half),
                Widen(q, half),
                Widen(dp, half),
                Widen(dq, half),
                Widen(qi, half)
            );
        }

        fault = null;
        return RsaJoseKey.Import(
                parameters,
                jwk.ReadString("kid"),
                JoseAlgorithm.Find(jwk.ReadString("alg")),
                UnnormalizedThumbprint(jwk, n, e)
            ) ?? Reject($"has an n of other than {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize} bits", out fault);
    }

    private static EcJoseKey? ReadEc(JsonElement jwk, out string? fault)
    {
        EcCurve curve = EcCurve.Find(jwk.ReadString("crv"))!;

        // RFC 7518, section 6.2.1.2: the coordinates have the full length of the curve, so a key has one encoding and one thumbprint.
        bool isPrivate = jwk.Has("d");
        byte[]? d = isPrivate ? jwk.Bytes("d") : null;
        if (
            jwk.Bytes("x") is not { } x
            || x.Length != curve.CoordinateLength
            || jwk.Bytes("y") is not { } y
            || y.Length != curve.CoordinateLength
            || (isPrivate && d?.Length != curve.CoordinateLength)
        )
        {
            fault = $"has a coordinate or a d that is missing, malformed, or of other than {curve.CoordinateLength} bytes";
            return null;
        }

        fault = null;
        return EcJoseKey.Import(curve, new ECPoint { X = x, Y = y }, d, jwk.ReadString("kid"), JoseAlgorithm.Find(jwk.ReadString("alg")));
    }

    private static SymmetricJoseKey? ReadSymmetric(JsonElement jwk, out string? fault)
    {
        SymmetricJoseKey? key = jwk.Bytes("k") is { } secret
            ? SymmetricJoseKey.Create(secret, jwk.ReadString("kid"), JoseAlgorithm.Find(jwk.ReadString("alg")))
            : null;
        fault =
            key is null ? "has a k that is missing, malformed or too short"
            : key.Algorithms.All(key.Supports) ? null
            : "has an alg that its type does not support";
        return fault is null ? key : null;
    }

    /// <summary>
    /// The thumbprint of the members with their leading zeros, to which a server may have bound a token; null without leading zeros.
    /// </summary>
    private static string? UnnormalizedThumbprint(JsonElement jwk, byte[] n, byte[] e)
    {
        (string? textOfN, string? textOfE) = (jwk.ReadString("n"), jwk.ReadString("e"));
        return textOfN == Base64UrlText.Encode(n) && textOfE == Base64UrlText.Encode(e)
            ? null
            : JoseKey.HashMembers(RsaJoseKey.WriteMembers(textOfE!, textOfN!));
    }

    private static RsaJoseKey? Reject(string reason, out string? fault)
    {
        fault = reason;
        return null;
    }

    private static byte[] Widen(byte[] number, int length)
    {
        if (number.Length > length)
            throw new CryptographicException();

        byte[] wide = new byte[length];
        number.CopyTo(wide, length - number.Length);
        return wide;
    }
}
