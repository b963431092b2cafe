using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Accepted and rejected JWKs.</summary>
public sealed class JsonWebKeyReaderTests
{
    private const string P256 = RfcKeys.P256Members;

    [Theory]
    [InlineData("{" + P256 + "}", "ES256")]
    [InlineData("{" + P256 + ",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"1\",\"ext\":true}", "ES256")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"verify\"]}", "ES256")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"verify\",\"verify\",\"sign\"]}", "ES256")]
    [InlineData(RfcKeys.Es512Key, "ES512")]
    [InlineData(RfcKeys.BilboEcKey, "ES512")]
    [InlineData(RfcKeys.Rs256Key, "RS256 RS384 RS512 PS256 PS384 PS512")]
    [InlineData(RfcKeys.ThumbprintKey, "RS256")]
    [InlineData(RfcKeys.Hs256Key, "HS256 HS384 HS512")]
    [InlineData(RfcKeys.SecretKey, "HS256")]
    public void A_key_determines_its_algorithms(string jwk, string algorithms)
    {
        JoseKey key = JsonWebKeyReader.Read(jwk, out string? fault)!;

        Assert.Null(fault);
        Assert.Equal(algorithms, string.Join(' ', key.Algorithms.Select(algorithm => algorithm.Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{" + P256)]
    [InlineData("{" + P256 + "} {}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"\"}")]
    [InlineData("{\"kty\":\"oct\"}")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\",\"alg\":\"HS512\"}")]
    [InlineData("{\"kty\":\"ec\",\"crv\":\"P-256\"}")]
    [InlineData(RfcKeys.EncryptionKey)]
    [InlineData("{" + P256 + ",\"kty\":\"EC\"}")]
    [InlineData("{" + P256 + ",\"k\\u0074y\":\"EC\"}")]
    [InlineData("{" + P256 + ",\"use\":\"enc\"}")]
    [InlineData("{" + P256 + ",\"use\":1}")]
    [InlineData("{" + P256 + ",\"kid\":1}")]
    [InlineData("{" + P256 + ",\"kid\":\"\\ud800\"}")]
    [InlineData("{" + P256 + ",\"alg\":\"ES384\"}")]
    [InlineData("{" + P256 + ",\"alg\":\"RS256\"}")]
    [InlineData("{" + P256 + ",\"alg\":\"ES512\"}")]
    [InlineData("{" + P256 + ",\"alg\":[]}")]
    [InlineData("{" + P256 + ",\"alg\":\"\"}")]
    [InlineData("{" + P256 + ",\"use\":\"\"}")]
    [InlineData("{" + P256 + ",\"kid\":{}}")]
    [InlineData("{" + P256 + ",\"key_ops\":{}}")]
    [InlineData("{" + P256 + ",\"key_ops\":[null]}")]
    [InlineData("{" + P256 + ",\"oth\":[{}]}")]
    [InlineData("{" + P256 + ",\"oth\":{}}")]
    [InlineData("{" + P256 + ",\"alg\":\"none\"}")]
    [InlineData("{" + P256 + ",\"alg\":\"HS256\"}")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"sign\"]}")]
    [InlineData("{" + P256 + ",\"key_ops\":\"verify\"}")]
    [InlineData("{" + P256 + ",\"key_ops\":[1]}")]
    [InlineData("{" + P256 + ",\"d\":\"\"}")]
    [InlineData("{" + P256 + ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LA\"}")] // of another public key
    public void Anything_but_a_signature_key_is_rejected_with_a_reason(string jwk) => AssertRefused(jwk);

    [Theory]
    [InlineData("crv", "P-384")]
    [InlineData("crv", "P-521")]
    [InlineData("crv", "secp256k1")]
    [InlineData("crv", null)]
    [InlineData("x", null)]
    [InlineData("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a")] // a byte short
    [InlineData("y", "AMfxRM0bvZt-hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt")] // a zero in front
    [InlineData("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")] // a bit that no encoder leaves
    [InlineData("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0=")]
    [InlineData("y", "x/FEzRu9m36HLN/tue659LNpXW6pCyStikYjKIWI5a0")]
    [InlineData("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4")] // not on the curve
    public void An_EC_key_with_an_invalid_member_is_rejected(string name, string? value) =>
        AssertRefused(Change(RfcKeys.Es256Key, name, value, publicOnly: true));

    [Theory]
    [InlineData("n", null)]
    [InlineData("n", "AKH4Fgri48m0Zc6NLWViYzYrkn2-KeHwJHf8FiXMkKE0")]
    [InlineData("e", null)]
    [InlineData("e", "AQ")]
    [InlineData("e", "AQAA")]
    [InlineData("e", "AAAA")]
    [InlineData("n", "")]
    [InlineData("e", "AQAAAAE")]
    [InlineData("d", "AQ")]
    [InlineData("p", null)]
    [InlineData("q", null)]
    [InlineData("dp", null)]
    [InlineData("dq", null)]
    [InlineData("qi", null)]
    [InlineData("oth", "x")]
    public void An_RSA_key_with_an_invalid_member_is_rejected(string name, string? value) =>
        AssertRefused(Change(RfcKeys.Rs256Key, name, value));

    [Theory]
    [InlineData(RfcKeys.Es256Key)]
    [InlineData(RfcKeys.Es512Key)]
    [InlineData(RfcKeys.BilboKey)]
    [InlineData(RfcKeys.ThumbprintKey)]
    public void Null_members_and_empty_lists_count_as_absent(string jwk)
    {
        JsonObject written = JsonNode.Parse(jwk)!.AsObject();
        JoseKey plain = JsonWebKeyReader.Read(jwk, out _)!;
        foreach (
            string name in (string[])
                ["alg", "d", "dp", "dq", "e", "k", "kid", "n", "p", "q", "qi", "use", "x", "x5t", "x5t#S256", "x5u", "y", "crv"]
        )
        {
            written.TryAdd(name, null);
        }

        foreach (string name in (string[])["key_ops", "oth", "x5c"])
            written.TryAdd(name, new JsonArray());

        JoseKey key = JsonWebKeyReader.Read(written.ToJsonString(), out string? fault)!;

        Assert.Null(fault);
        Assert.Equal((plain.Thumbprint, plain.IsPrivate, plain.KeyId), (key.Thumbprint, key.IsPrivate, key.KeyId));
        Assert.Equal(plain.Algorithms, key.Algorithms);
    }

    [Fact]
    public void Any_private_member_but_null_makes_a_key_private()
    {
        Assert.False(JsonWebKeyReader.Read("{" + P256 + ",\"d\":null,\"k\":null}", out _)!.IsPrivate);
        foreach (string name in (string[])["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
        {
            Assert.True(IsPublic("null"));
            foreach (string value in (string[])["\"\"", "\"AQ\"", "0", "false", "{}", "[1]", "[[]]"])
                Assert.False(IsPublic(value), $"{name} {value}");
            Assert.Equal(name == "oth", IsPublic("[]"));

            bool IsPublic(string value) =>
                JsonWebKeyReader.IsPublic(JsonDocument.Parse($$"""{ {{P256}},"{{name}}":{{value}} }""").RootElement);
        }
    }

    [Theory]
    [InlineData("n")]
    [InlineData("e")]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    public void Leading_zeros_of_the_numbers_of_an_RSA_key_are_dropped(string name)
    {
        byte[] number = Base64UrlText.Decode(JsonNode.Parse(RfcKeys.BilboKey)![name]!.GetValue<string>())!;
        JoseKey plain = JsonWebKeyReader.Read(RfcKeys.BilboKey, out _)!;

        foreach (
            byte[] zeros in (byte[][])
                [
                    [0],
                    [0, 0, 0, 0],
                ]
        )
        {
            JoseKey key = JsonWebKeyReader.Read(
                Change(RfcKeys.BilboKey, name, Base64UrlText.Encode([.. zeros, .. number])),
                out string? fault
            )!;

            Assert.Null(fault);
            Assert.Equal(plain.Thumbprint, key.Thumbprint);
            Assert.True(plain.Verify(JoseAlgorithm.RS512, "x"u8, key.Sign(JoseAlgorithm.RS512, "x"u8)));
            Assert.Equal(name is "n" or "e", key.UnnormalizedThumbprint is not null);
        }
    }

    [Fact]
    public void A_key_with_leading_zeros_also_has_the_thumbprint_with_them()
    {
        string n = JsonNode.Parse(RfcKeys.ThumbprintKey)!["n"]!.GetValue<string>(),
            spelled = Base64UrlText.Encode([0, .. Base64UrlText.Decode(n)!]);
        JoseKey key = JsonWebKeyReader.Read(Change(RfcKeys.ThumbprintKey, "n", spelled), out _)!;

        Assert.Equal(RfcKeys.Thumbprint, key.Thumbprint);
        Assert.Equal(
            Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"e":"AQAB","kty":"RSA","n":"{{spelled}}"}"""))),
            key.UnnormalizedThumbprint
        );
        Assert.Null(JsonWebKeyReader.Read(RfcKeys.ThumbprintKey, out _)!.UnnormalizedThumbprint);
    }

    [Theory]
    [InlineData(RfcKeys.Es256Key, "x")]
    [InlineData(RfcKeys.Es256Key, "y")]
    [InlineData(RfcKeys.Es256Key, "d")]
    [InlineData(RfcKeys.Es512Key, "x")]
    [InlineData(RfcKeys.BilboEcKey, "x")]
    [InlineData(RfcKeys.BilboEcKey, "d")]
    public void A_coordinate_of_an_EC_key_must_have_the_full_length(string jwk, string name)
    {
        byte[] number = Base64UrlText.Decode(JsonNode.Parse(jwk)![name]!.GetValue<string>())!;

        AssertRefused(Change(jwk, name, Base64UrlText.Encode([0, .. number])));
        AssertRefused(Change(jwk, name, Base64UrlText.Encode(number.AsSpan(1))));
        AssertRefused(Change(jwk, name, Base64UrlText.Encode(number.AsSpan().TrimStart((byte)0)[1..])));
    }

    [Theory]
    [InlineData("ES256", "does not support the algorithm")]
    [InlineData("ES512", "does not support the algorithm")]
    [InlineData("RS256", "does not support the algorithm")]
    [InlineData("HS256", "does not support the algorithm")]
    [InlineData("ES384", "has members that contradict each other")]
    public void A_key_that_does_not_support_the_algorithm_is_not_imported(string algorithm, string fault)
    {
        // The point is not on the curve, which only an import detects.
        string jwk =
            $$"""{"kty":"EC","crv":"P-384","x":"{{Base64UrlText.Encode(new byte[48])}}","y":"{{Base64UrlText.Encode(new byte[48])}}"}""";

        Assert.Null(JsonWebKeyReader.ReadPublic(JsonDocument.Parse(jwk).RootElement, JoseAlgorithm.Find(algorithm)!, out string? found));
        Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"kty\":\"OKP\"}", "has a kty other than RSA, EC and oct")]
    [InlineData("{" + P256 + ",\"use\":\"enc\"}", "has a use other than sig")]
    [InlineData("{" + P256 + ",\"alg\":\"ECDH-ES\"}", "has an alg that is not supported")]
    [InlineData("{" + P256 + ",\"alg\":\"ES384\"}", "has an alg that its type does not support")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"encrypt\"]}", "has key_ops without verify")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\"}", "has a crv other than P-256, P-384 and P-521")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-521\"}", "has a coordinate or a d that is missing, malformed, or of other than 66 bytes")]
    [InlineData("{\"kty\":\"RSA\",\"e\":\"AQAB\"}", "has an n or an e that is missing or malformed")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "has an n of other than 2048 to 8192 bits")]
    public void The_reason_for_rejecting_a_key_is_a_fixed_text(string jwk, string reason)
    {
        Assert.Null(JsonWebKeyReader.Read(jwk, out string? fault));
        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2040)]
    public void An_RSA_key_that_is_too_small_is_rejected(int bits)
    {
        using var rsa = RSA.Create(bits);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);

        AssertRefused($$"""{"kty":"RSA","n":"{{Base64UrlText.Encode(key.Modulus)}}","e":"AQAB"}""");
    }

    [Fact]
    public void An_RSA_key_that_is_too_large_is_rejected() =>
        AssertRefused($$"""{"kty":"RSA","n":"{{Base64UrlText.Encode([0xFF, .. new byte[2047], 1])}}","e":"AQAB"}""");

    [Fact]
    public void A_private_part_of_another_key_is_rejected()
    {
        string foreign = JsonNode.Parse(RfcKeys.BilboKey)!["n"]!.GetValue<string>();

        AssertRefused(Change(RfcKeys.Rs256Key, "n", foreign));
    }

    private static string Change(string jwk, string name, string? value, bool publicOnly = false)
    {
        JsonObject changed = JsonNode.Parse(jwk)!.AsObject();
        if (publicOnly)
            changed.Remove("d");
        changed.Remove(name);
        if (value is not null)
            changed[name] = value;
        return changed.ToJsonString();
    }

    private static void AssertRefused(string jwk)
    {
        JoseKey? key = JsonWebKeyReader.Read(jwk, out string? fault);

        Assert.Null(key);
        Assert.NotEmpty(fault!);
        Assert.DoesNotContain("f83OJ", fault, StringComparison.Ordinal);
    }
}
