using System.Security.Cryptography;
using System.Text.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a key for signatures from a JWK (RFC 7517; RFC 7518, section 6). No fault shows a part of the key.</summary>
/// <remarks>
/// Whatever can be said without arithmetic is said first: to import a key, which checks that its parts belong together, takes longer than
/// to verify a signature with it. A member that is null counts as absent, as do empty lists: serializers in the field write every member
/// that they know.
/// </remarks>
internal static class JsonWebKeyReader
{
    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly string[] s_privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>Reads a key from text.</summary>
    /// <param name="json">The JWK.</param>
    /// <param name="fault">What is wrong with it, to be continued behind "The key"; null when the key is returned.</param>
    /// <returns>The key, private if the JWK has its private members; otherwise null.</returns>
    public static JoseKey? Read(string json, out string? fault)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_json);
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
            fault = FindFault(jwk);
            return fault is not null
                ? null
                : Text(jwk, "kty") switch
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

    /// <summary>Reads a public key that verifies by this algorithm. A key that does not go with it is not imported.</summary>
    public static JoseKey? ReadPublic(JsonElement jwk, JoseAlgorithm algorithm, out string? fault)
    {
        try
        {
            fault =
                !IsPublic(jwk) ? "is not public"
                : FindFittingByName(jwk).Contains(algorithm) ? null
                : "does not go with the algorithm";
        }
        catch (InvalidOperationException)
        {
            fault = "has text that is not Unicode";
        }

        return fault is null ? Read(jwk, out fault) : null;
    }

    /// <summary>
    /// Whether not even a part of the key is private (RFC 7518, sections 6.2.2, 6.3.2 and 6.4): for keys that are sent to be seen.
    /// </summary>
    public static bool IsPublic(JsonElement jwk) => jwk.ValueKind == JsonValueKind.Object && !s_privateMembers.Any(name => Has(jwk, name));

    private static string? FindFault(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
            return "is not a JSON object";
        if (Text(jwk, "kty") is not ("RSA" or "EC" or "oct"))
            return "has a kty other than RSA, EC and oct";
        if (Has(jwk, "kid") && Text(jwk, "kid") is null)
            return "has a kid that is not text";
        if (Has(jwk, "use") && Text(jwk, "use") != "sig")
            return "has a use other than sig";
        if (Has(jwk, "alg") && JoseAlgorithm.Find(Text(jwk, "alg")) is null)
            return "has an alg that is not supported";
        if (Text(jwk, "kty") == "EC" && EcCurve.Find(Text(jwk, "crv")) is null)
            return "has a crv other than P-256, P-384 and P-521";
        if (
            Text(jwk, "kty") != "oct"
            && JoseAlgorithm.Find(Text(jwk, "alg")) is { } algorithm
            && !FindFittingByName(jwk).Contains(algorithm)
        )
        {
            return "has an alg that does not go with it";
        }

        if (Has(jwk, "oth"))
            return "has more than two primes";
        return FindUseFault(jwk);
    }

    private static string? FindUseFault(JsonElement jwk)
    {
        if (!Has(jwk, "key_ops"))
            return null;

        JsonElement operations = jwk.GetProperty("key_ops");
        string needed = Has(jwk, "d") || Has(jwk, "k") ? "sign" : "verify";
        bool isNamed =
            operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals(needed));
        return isNamed ? null : $"has key_ops without {needed}";
    }

    /// <summary>The algorithms that the type and the curve of an asymmetric key allow, as far as their names say.</summary>
    private static IReadOnlyList<JoseAlgorithm> FindFittingByName(JsonElement jwk) =>
        Text(jwk, "kty") == "RSA" ? JoseAlgorithm.Rsa
        : Text(jwk, "kty") == "EC" && EcCurve.Find(Text(jwk, "crv")) is { } curve ? [curve.Algorithm]
        : [];

    private static RsaJoseKey? ReadRsa(JsonElement jwk, out string? fault)
    {
        if (Number(jwk, "n") is not { } n || Number(jwk, "e") is not { } e || (e[^1] & 1) == 0 || (e.Length == 1 && e[0] == 1)) // 1 would sign nothing
            return Refuse("has an n or an e that is missing or malformed", out fault);
        if (n.Length is < RsaJoseKey.MinimumSize / 8 or > RsaJoseKey.MaximumSize / 8 || e.Length > 4)
        {
            return Refuse(
                $"has an n of other than {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize} bits, or an e of more than 32",
                out fault
            );
        }

        var parameters = new RSAParameters { Modulus = n, Exponent = e };
        if (Has(jwk, "d"))
        {
            if (
                Number(jwk, "d") is not { } d
                || Number(jwk, "p") is not { } p
                || Number(jwk, "q") is not { } q
                || Number(jwk, "dp") is not { } dp
                || Number(jwk, "dq") is not { } dq
                || Number(jwk, "qi") is not { } qi
            )
            {
                return Refuse("lacks a private member, or has one that is malformed", out fault);
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
        return RsaJoseKey.Import(parameters, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg")), SpelledThumbprint(jwk, n, e))
            ?? Refuse($"has an n of other than {RsaJoseKey.MinimumSize} to {RsaJoseKey.MaximumSize} bits", out fault);
    }

    private static EcJoseKey? ReadEc(JsonElement jwk, out string? fault)
    {
        EcCurve curve = EcCurve.Find(Text(jwk, "crv"))!;

        // RFC 7518, section 6.2.1.2: the coordinates have the full length of the curve. So a key has one spelling, and one thumbprint.
        bool isPrivate = Has(jwk, "d");
        byte[]? d = isPrivate ? Bytes(jwk, "d") : null;
        if (
            Bytes(jwk, "x") is not { } x
            || x.Length != curve.CoordinateLength
            || Bytes(jwk, "y") is not { } y
            || y.Length != curve.CoordinateLength
            || (isPrivate && d?.Length != curve.CoordinateLength)
        )
        {
            fault = $"has a coordinate or a d that is missing, malformed, or of other than {curve.CoordinateLength} bytes";
            return null;
        }

        fault = null;
        return EcJoseKey.Import(curve, new ECPoint { X = x, Y = y }, d, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg")));
    }

    private static SymmetricJoseKey? ReadSymmetric(JsonElement jwk, out string? fault)
    {
        SymmetricJoseKey? key = Bytes(jwk, "k") is { } secret
            ? SymmetricJoseKey.Create(secret, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg")))
            : null;
        fault =
            key is null ? "has a k that is missing, malformed or too short"
            : key.Algorithms.All(key.Supports) ? null
            : "has an alg that does not go with it";
        return fault is null ? key : null;
    }

    /// <summary>
    /// A number (RFC 7518, section 2: Base64urlUInt). Zeros in front are dropped: the RFC forbids them, and encoders that write a sign, or
    /// a fixed length, send them.
    /// </summary>
    private static byte[]? Number(JsonElement jwk, string name)
    {
        ReadOnlySpan<byte> number = Bytes(jwk, name).AsSpan().TrimStart((byte)0);
        return number.IsEmpty ? null : number.ToArray();
    }

    /// <summary>
    /// The thumbprint of the members as they are spelled, which a server may have bound a token to; null where no zero was dropped.
    /// </summary>
    private static string? SpelledThumbprint(JsonElement jwk, byte[] n, byte[] e)
    {
        (string? spelledN, string? spelledE) = (Text(jwk, "n"), Text(jwk, "e"));
        return spelledN == Base64UrlText.Encode(n) && spelledE == Base64UrlText.Encode(e)
            ? null
            : JoseKey.HashMembers(RsaJoseKey.WriteMembers(spelledE!, spelledN!));
    }

    private static RsaJoseKey? Refuse(string reason, out string? fault)
    {
        fault = reason;
        return null;
    }

    private static byte[]? Bytes(JsonElement jwk, string name) => Base64UrlText.Decode(Text(jwk, name) ?? "=");

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether there is such a member, and it says something.</summary>
    private static bool Has(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
        && !(name is "key_ops" or "oth" && IsEmptyList(value));

    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static byte[] Widen(byte[] number, int length)
    {
        if (number.Length > length)
            throw new CryptographicException();

        byte[] wide = new byte[length];
        number.CopyTo(wide, length - number.Length);
        return wide;
    }
}
