using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Which JWKs are keys for signatures, and which are refused.</summary>
public sealed class JsonWebKeyReaderTests
{
    private const string P256 = "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"";

    [Theory]
    [InlineData("{" + P256 + "}", "ES256")]
    [InlineData("{" + P256 + ",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"1\",\"ext\":true}", "ES256")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"verify\"]}", "ES256")]
    [InlineData(RfcKeys.Rs256Key, "RS256 PS256")]
    [InlineData(RfcKeys.ThumbprintKey, "RS256")]
    [InlineData(RfcKeys.Hs256Key, "HS256 HS384 HS512")]
    [InlineData(RfcKeys.SecretKey, "HS256")]
    public void A_key_says_by_which_algorithms_it_goes(string jwk, string algorithms)
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
    [InlineData("{" + P256 + ",\"alg\":\"none\"}")]
    [InlineData("{" + P256 + ",\"alg\":\"HS256\"}")]
    [InlineData("{" + P256 + ",\"alg\":null}")]
    [InlineData("{" + P256 + ",\"key_ops\":[\"sign\"]}")]
    [InlineData("{" + P256 + ",\"key_ops\":\"verify\"}")]
    [InlineData("{" + P256 + ",\"key_ops\":[1]}")]
    [InlineData("{" + P256 + ",\"d\":\"\"}")]
    [InlineData("{" + P256 + ",\"d\":null}")]
    [InlineData("{" + P256 + ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LA\"}")] // of another public key
    public void What_is_no_key_for_signatures_is_refused_with_a_reason(string jwk) => AssertRefused(jwk);

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
    public void An_EC_key_with_another_member_is_refused(string name, string? value) => AssertRefused(Change(RfcKeys.Es256Key, name, value, publicOnly: true));

    [Theory]
    [InlineData("n", null)]
    [InlineData("n", "AKH4Fgri48m0Zc6NLWViYzYrkn2-KeHwJHf8FiXMkKE0")]
    [InlineData("e", null)]
    [InlineData("e", "AQ")]
    [InlineData("e", "AQAA")]
    [InlineData("e", "AAEAAQ")]
    [InlineData("e", "AQAAAAE")]
    [InlineData("d", "AQ")]
    [InlineData("p", null)]
    [InlineData("q", null)]
    [InlineData("dp", null)]
    [InlineData("dq", null)]
    [InlineData("qi", null)]
    [InlineData("oth", "x")]
    public void An_RSA_key_with_another_member_is_refused(string name, string? value) => AssertRefused(Change(RfcKeys.Rs256Key, name, value));

    [Fact]
    public void A_modulus_with_a_zero_in_front_is_refused()
    {
        byte[] n = Base64UrlText.Decode(JsonNode.Parse(RfcKeys.ThumbprintKey)!["n"]!.GetValue<string>())!;

        AssertRefused(Change(RfcKeys.ThumbprintKey, "n", Base64UrlText.Encode([0, .. n])));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2040)]
    public void An_RSA_key_that_is_too_small_is_refused(int bits)
    {
        using var rsa = RSA.Create(bits);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);

        AssertRefused($$"""{"kty":"RSA","n":"{{Base64UrlText.Encode(key.Modulus)}}","e":"AQAB"}""");
    }

    [Fact]
    public void An_RSA_key_so_large_that_it_would_stop_the_server_is_refused() =>
        AssertRefused($$"""{"kty":"RSA","n":"{{Base64UrlText.Encode([0xFF, .. new byte[2047], 1])}}","e":"AQAB"}""");

    [Fact]
    public void A_private_part_of_another_key_is_refused()
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
