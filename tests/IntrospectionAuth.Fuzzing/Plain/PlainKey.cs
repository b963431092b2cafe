using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>A public JWK (RFC 7517; RFC 7518, section 6) read a second time. Whether a point is on its curve is computed here.</summary>
internal sealed class PlainKey
{
    private static readonly string[] s_privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly string[] s_rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    // SEC 2, sections 2.4.2, 2.5.1 and 2.6.1: the name, the length of a coordinate, the algorithm, the prime and b. All have a = -3.
    private static readonly (string Name, int Length, string Algorithm, BigInteger Prime, BigInteger B)[] s_curves =
    [
        (
            "P-256",
            32,
            "ES256",
            BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1,
            Hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")
        ),
        (
            "P-384",
            48,
            "ES384",
            BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1,
            Hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef")
        ),
        (
            "P-521",
            66,
            "ES512",
            BigInteger.Pow(2, 521) - 1,
            Hex(
                "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd4"
                    + "6b503f00"
            )
        ),
    ];

    /// <summary><c>kid</c>.</summary>
    public string? Id { get; private init; }

    /// <summary>The algorithms that the key may be used with.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>The thumbprint of the key (RFC 7638), without leading zeros in its numbers.</summary>
    public required string Thumbprint { get; init; }

    public byte[]? Modulus { get; private init; }

    public byte[]? Exponent { get; private init; }

    public string? Curve { get; private init; }

    public byte[]? X { get; private init; }

    public byte[]? Y { get; private init; }

    /// <returns>The key; null when it is not a usable public key.</returns>
    public static PlainKey? Read(PlainValue jwk)
    {
        if (jwk.Kind != PlainKind.Object || !IsPublic(jwk))
            return null;
        if (Has(jwk, "kid") && jwk.GetText("kid") is null)
            return null;
        if (Has(jwk, "use") && jwk.GetText("use") != "sig")
            return null;
        if (Has(jwk, "key_ops") && !jwk.Get("key_ops")!.Items.Exists(static it => it.Kind == PlainKind.String && it.Text == "verify"))
            return null;

        PlainKey? key = jwk.GetText("kty") switch
        {
            "RSA" => ReadRsa(jwk),
            "EC" => ReadEc(jwk),
            _ => null, // a shared secret is not public
        };
        if (key is null || !Has(jwk, "alg"))
            return key;

        string? only = jwk.GetText("alg");
        return only is not null && key.Algorithms.Contains(only) ? key.With([only]) : null;
    }

    /// <summary>A null or an empty list counts as absent, because some serializers write every member.</summary>
    public static bool IsPublic(PlainValue jwk) => jwk.Kind == PlainKind.Object && !Array.Exists(s_privateMembers, it => Has(jwk, it));

    private static bool Has(PlainValue jwk, string name) =>
        jwk.Get(name) is { Kind: not PlainKind.Null } value
        && !(name is "key_ops" or "oth" && value is { Kind: PlainKind.Array, Items.Count: 0 });

    /// <summary>2048 to 8192 bits, an odd exponent of 3 or more and at most 32 bits. The leading zeros of numbers are dropped.</summary>
    private static PlainKey? ReadRsa(PlainValue jwk)
    {
        if (NumberOf(jwk, "n") is not { } n || NumberOf(jwk, "e") is not { } e)
            return null;

        var modulus = new BigInteger(n, isUnsigned: true, isBigEndian: true);
        var exponent = new BigInteger(e, isUnsigned: true, isBigEndian: true);
        if (modulus.GetBitLength() is < 2048 or > 8192 || exponent.IsEven || exponent <= 1 || exponent.GetBitLength() > 32)
            return null;

        return new()
        {
            Id = jwk.GetText("kid"),
            Algorithms = s_rsa,
            Thumbprint = Hash($$"""{"e":"{{PlainBase64.Encode(e)}}","kty":"RSA","n":"{{PlainBase64.Encode(n)}}"}"""),
            Modulus = n,
            Exponent = e,
        };
    }

    private static PlainKey? ReadEc(PlainValue jwk)
    {
        string? name = jwk.GetText("crv");
        (string Name, int Length, string Algorithm, BigInteger Prime, BigInteger B) curve = Array.Find(s_curves, it => it.Name == name);
        if (curve.Name is null || BytesOf(jwk, "x") is not { } x || BytesOf(jwk, "y") is not { } y)
            return null;
        if (x.Length != curve.Length || y.Length != curve.Length)
            return null;

        var px = new BigInteger(x, isUnsigned: true, isBigEndian: true);
        var py = new BigInteger(y, isUnsigned: true, isBigEndian: true);
        if (px >= curve.Prime || py >= curve.Prime || ((py * py) - (px * px * px) + (3 * px) - curve.B) % curve.Prime != 0)
            return null;

        return new()
        {
            Id = jwk.GetText("kid"),
            Algorithms = [curve.Algorithm],
            Thumbprint = Hash($$"""{"crv":"{{name}}","kty":"EC","x":"{{PlainBase64.Encode(x)}}","y":"{{PlainBase64.Encode(y)}}"}"""),
            Curve = name,
            X = x,
            Y = y,
        };
    }

    private PlainKey With(IReadOnlyList<string> algorithms) =>
        new()
        {
            Id = Id,
            Algorithms = algorithms,
            Thumbprint = Thumbprint,
            Modulus = Modulus,
            Exponent = Exponent,
            Curve = Curve,
            X = X,
            Y = Y,
        };

    private static byte[]? BytesOf(PlainValue jwk, string name) => jwk.GetText(name) is { } text ? PlainBase64.Decode(text) : null;

    private static byte[]? NumberOf(PlainValue jwk, string name) =>
        BytesOf(jwk, name)?.SkipWhile(static it => it == 0).ToArray() is { Length: > 0 } number ? number : null;

    private static string Hash(string members) => PlainBase64.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(members)));

    private static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
