using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>The sizes, exponents and purposes at which a JWK is just accepted, or just rejected.</summary>
public sealed class JsonWebKeyLimitsTests
{
    private const string WrongNumber = "has an n or an e that is missing or malformed";
    private const string WrongSize = "has an n of other than 2048 to 8192 bits, or an e of more than 32";

    private const string PrivateKey = RfcKeys.P256Members + ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"";
    private const string Secret = "\"kty\":\"oct\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"";

    [Theory]
    [InlineData(0x80, 256, "AQAB")]
    [InlineData(0xFF, 384, "AQAB")]
    [InlineData(0xFF, 1024, "AQAB")]
    [InlineData(0xFF, 256, "Aw")] // 3
    [InlineData(0xFF, 256, "AQAAAQ")] // 4 bytes
    public void An_RSA_key_of_2048_to_8192_bits_with_an_odd_exponent_is_accepted(int first, int bytes, string exponent)
    {
        JoseKey? key = JsonWebKeyReader.Read(Rsa(first, bytes, exponent), out string? fault);

        Assert.Null(fault);
        Assert.False(key!.IsPrivate);
    }

    [Theory]
    [InlineData(0xFF, 255, "AQAB", WrongSize)]
    [InlineData(0xFF, 1025, "AQAB", WrongSize)]
    [InlineData(0x01, 1025, "AQAB", WrongSize)]
    [InlineData(0xFF, 256, "AQAAAAE", WrongSize)] // an exponent of 5 bytes
    [InlineData(0x7F, 256, "AQAB", "has an n of other than 2048 to 8192 bits")] // 2047 bits
    [InlineData(0xFF, 256, "AQ", WrongNumber)] // with an exponent of 1 anyone can sign
    [InlineData(0xFF, 256, "Ag", WrongNumber)]
    [InlineData(0xFF, 256, "AQAA", WrongNumber)]
    public void An_RSA_key_of_another_size_or_with_another_exponent_is_rejected(int first, int bytes, string exponent, string reason)
    {
        Assert.Null(JsonWebKeyReader.Read(Rsa(first, bytes, exponent), out string? fault));
        Assert.Equal(reason, fault);
    }

    [Theory]
    [InlineData(PrivateKey, "sign", null)]
    [InlineData(PrivateKey, "verify", "has key_ops without sign")]
    [InlineData(Secret, "sign", null)]
    [InlineData(Secret, "verify", "has key_ops without sign")]
    [InlineData(RfcKeys.P256Members, "verify", null)]
    [InlineData(RfcKeys.P256Members, "sign", "has key_ops without verify")]
    public void The_operations_of_a_key_must_include_its_purpose(string members, string operation, string? reason)
    {
        JoseKey? key = JsonWebKeyReader.Read($$"""{ {{members}},"key_ops":["{{operation}}"]}""", out string? fault);

        Assert.Equal(reason, fault);
        Assert.Equal(reason is null, key is not null);
    }

    [Theory]
    [InlineData(RfcKeys.Es256Key, "ES256")]
    [InlineData(RfcKeys.Rs256Key, "RS256")]
    [InlineData(RfcKeys.Hs256Key, "HS256")]
    [InlineData("[]", "ES256")]
    public void A_private_key_or_a_secret_is_not_read_as_a_public_key(string jwk, string algorithm)
    {
        Assert.Null(JsonWebKeyReader.ReadPublic(Parse(jwk), JoseAlgorithm.Find(algorithm)!, out string? fault));
        Assert.Equal("is not public", fault);
    }

    [Fact]
    public void A_public_key_with_text_that_is_not_Unicode_is_rejected()
    {
        Assert.Null(JsonWebKeyReader.ReadPublic(Parse("""{"kty":"\ud800"}"""), JoseAlgorithm.ES256, out string? fault));
        Assert.Equal("has text that is not Unicode", fault);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    public void A_private_number_that_is_too_long_for_its_RSA_key_is_rejected(string name)
    {
        JsonObject jwk = JsonNode.Parse(RfcKeys.Rs256Key)!.AsObject();
        jwk[name] = Base64UrlText.Encode([1, .. Base64UrlText.Decode(jwk["n"]!.GetValue<string>())!]);

        Assert.Null(JsonWebKeyReader.Read(jwk.ToJsonString(), out string? fault));
        Assert.StartsWith("has members that contradict each other", fault, StringComparison.Ordinal);
    }

    /// <summary>Of 256 numbers of a key, one has a byte less than the others.</summary>
    [Fact]
    public void A_private_number_that_is_shorter_than_most_is_accepted()
    {
        JsonObject jwk = JsonNode.Parse(RfcKeys.BilboKey)!.AsObject();
        BigInteger p = Number(jwk, "p"),
            q = Number(jwk, "q"),
            n = Number(jwk, "n"),
            phi = (p - 1) * (q - 1);
        int half = p.GetByteCount(isUnsigned: true);
        (int e, BigInteger d) = Exponents(phi)
            .First(it =>
                it.Private.GetByteCount(isUnsigned: true) < 2 * half
                || (it.Private % (p - 1)).GetByteCount(isUnsigned: true) < half
                || (it.Private % (q - 1)).GetByteCount(isUnsigned: true) < half
            );
        (jwk["e"], jwk["d"]) = (Encode(e), Encode(d));
        (jwk["dp"], jwk["dq"]) = (Encode(d % (p - 1)), Encode(d % (q - 1)));

        JoseKey? key = JsonWebKeyReader.Read(jwk.ToJsonString(), out string? fault);

        Assert.Null(fault);
        JoseKey publicKey = JsonWebKeyReader.Read($$"""{"kty":"RSA","n":"{{Encode(n)}}","e":"{{Encode(e)}}"}""", out _)!;
        Assert.True(publicKey.Verify(JoseAlgorithm.RS256, "x"u8, key!.Sign(JoseAlgorithm.RS256, "x"u8)));
    }

    /// <summary>Small public exponents of a key with their private exponents.</summary>
    private static IEnumerable<(int Public, BigInteger Private)> Exponents(BigInteger phi)
    {
        for (int e = 3; ; e += 2)
        {
            int rest = (int)(phi % e);
            int factor = Enumerable.Range(1, e - 1).FirstOrDefault(k => (1 + ((long)k * rest)) % e == 0);
            if (factor > 0)
                yield return (e, (1 + (factor * phi)) / e);
        }
    }

    private static BigInteger Number(JsonObject jwk, string name) =>
        new(Base64UrlText.Decode(jwk[name]!.GetValue<string>())!, isUnsigned: true, isBigEndian: true);

    private static string Encode(BigInteger number) => Base64UrlText.Encode(number.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static string Rsa(int first, int bytes, string exponent)
    {
        byte[] n = new byte[bytes];
        (n[0], n[^1]) = ((byte)first, 1);
        return $$"""{"kty":"RSA","n":"{{Base64UrlText.Encode(n)}}","e":"{{exponent}}"}""";
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
