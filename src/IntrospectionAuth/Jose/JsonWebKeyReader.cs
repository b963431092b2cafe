using System.Security.Cryptography;
using System.Text.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Reads a key for signatures from a JWK (RFC 7517; RFC 7518, section 6). No fault shows a part of the key.</summary>
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
            if (fault is not null)
                return null;

            JoseKey? key = Text(jwk, "kty") switch
            {
                "RSA" => ReadRsa(jwk),
                "EC" => ReadEc(jwk),
                _ => ReadSymmetric(jwk),
            };
            fault = key is null ? "has a size or a curve that is not supported, or a member is missing or malformed"
                : key.Algorithms.All(key.Supports) ? FindUseFault(jwk, key) : "has an alg that does not go with it";
            return fault is null ? key : null;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException)
        {
            fault = "has members that contradict each other, or text that is not Unicode";
            return null;
        }
    }

    /// <summary>Reads a key that was sent to be seen: not even a part of it is private (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). That is looked at first, since to make a private key also means to check it, which takes long.</summary>
    public static JoseKey? ReadPublic(JsonElement jwk) =>
        jwk.ValueKind == JsonValueKind.Object && !s_privateMembers.Any(name => jwk.TryGetProperty(name, out _)) ? Read(jwk, out _) : null;

    private static string? FindFault(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
            return "is not a JSON object";
        if (Text(jwk, "kty") is not ("RSA" or "EC" or "oct"))
            return "has a kty other than RSA, EC and oct";
        if (jwk.TryGetProperty("kid", out JsonElement kid) && kid.ValueKind != JsonValueKind.String)
            return "has a kid that is not text";
        if (jwk.TryGetProperty("use", out _) && Text(jwk, "use") != "sig")
            return "has a use other than sig";
        if (jwk.TryGetProperty("alg", out _) && JoseAlgorithm.Find(Text(jwk, "alg")) is null)
            return "has an alg that is not supported";
        return null;
    }

    private static string? FindUseFault(JsonElement jwk, JoseKey key)
    {
        if (!jwk.TryGetProperty("key_ops", out JsonElement operations))
            return null;

        string needed = key.IsPrivate ? "sign" : "verify";
        bool isNamed = operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals(needed));
        return isNamed ? null : $"has key_ops without {needed}";
    }

    private static RsaJoseKey? ReadRsa(JsonElement jwk)
    {
        bool isPrivate = jwk.TryGetProperty("d", out _);
        if (jwk.TryGetProperty("oth", out _)) // more than two primes
            return null;
        if (Number(jwk, "n") is not { Length: >= RsaJoseKey.MinimumSize / 8 and <= RsaJoseKey.MaximumSize / 8 } n || Number(jwk, "e") is not { Length: <= 4 } e)
            return null;
        if ((e[^1] & 1) == 0 || (e.Length == 1 && e[0] == 1)) // 1 would sign nothing
            return null;

        var parameters = new RSAParameters { Modulus = n, Exponent = e };
        if (isPrivate)
        {
            if (Number(jwk, "d") is not { } d || Number(jwk, "p") is not { } p || Number(jwk, "q") is not { } q
                || Number(jwk, "dp") is not { } dp || Number(jwk, "dq") is not { } dq || Number(jwk, "qi") is not { } qi)
            {
                return null;
            }

            parameters.D = Widen(d, n.Length);
            int half = (n.Length + 1) / 2;
            (parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ) = (Widen(p, half), Widen(q, half), Widen(dp, half), Widen(dq, half), Widen(qi, half));
        }

        // Creating the key also checks that its parts belong together.
        return RsaJoseKey.Create(RSA.Create(parameters), isPrivate, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg")));
    }

    private static EcJoseKey? ReadEc(JsonElement jwk)
    {
        (ECCurve curve, int length)? known = Text(jwk, "crv") switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            _ => null,
        };
        if (known is not var (curve, length))
            return null;

        // RFC 7518, section 6.2.1.2: the coordinates have the full length of the curve.
        bool isPrivate = jwk.TryGetProperty("d", out _);
        if (Bytes(jwk, "x") is not { } x || x.Length != length || Bytes(jwk, "y") is not { } y || y.Length != length)
            return null;
        byte[]? d = isPrivate ? Bytes(jwk, "d") : null;
        if (isPrivate && d?.Length != length)
            return null;

        // Creating the key also checks that the point lies on the curve, and that the private part belongs to it.
        var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y }, D = d });
        return EcJoseKey.Create(ecdsa, isPrivate, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg")));
    }

    private static SymmetricJoseKey? ReadSymmetric(JsonElement jwk) =>
        Bytes(jwk, "k") is { } secret ? SymmetricJoseKey.Create(secret, Text(jwk, "kid"), JoseAlgorithm.Find(Text(jwk, "alg"))) : null;

    /// <summary>A number without leading zeros (RFC 7518, section 2: Base64urlUInt).</summary>
    private static byte[]? Number(JsonElement jwk, string name) => Bytes(jwk, name) is { Length: > 0 } bytes && bytes[0] != 0 ? bytes : null;

    private static byte[]? Bytes(JsonElement jwk, string name) => Base64UrlText.Decode(Text(jwk, name) ?? "=");

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Widen(byte[] number, int length)
    {
        if (number.Length > length)
            throw new CryptographicException();

        byte[] wide = new byte[length];
        number.CopyTo(wide, length - number.Length);
        return wide;
    }
}
