using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Responses;

namespace IntrospectionAuth.Tests.Discovery;

public sealed class KeySetReaderTests
{
    private readonly ServerKey _key = ServerKey.Ec();

    [Fact]
    public void Keys_that_are_unknown_or_cannot_verify_are_passed_over()
    {
        JsonObject withPrivatePart = ServerKey.Ec().Jwk(("d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"));
        KeySet keys = Read(
            new JsonObject
            {
                ["kty"] = "OKP",
                ["crv"] = "Ed25519",
                ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            },
            new JsonObject
            {
                ["kty"] = "oct",
                ["k"] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            },
            new JsonObject(),
            JsonValue.Create(1),
            withPrivatePart,
            ServerKey.Ec().Jwk(("alg", "ES512")),
            _key.Jwk(("use", "sig"), ("x5c", new JsonArray("AAAA")))
        ).Value!;

        Assert.True(keys.HasSigned(Sign(_key)));
    }

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("use", "unknown")]
    [InlineData("alg", "ECDH-ES")]
    [InlineData("alg", "ES384")]
    [InlineData("key_ops", "encrypt")]
    public void A_key_for_another_use_verifies_nothing(string member, string value)
    {
        KeySet keys = Read(_key.Jwk((member, member == "key_ops" ? new JsonArray(value) : value)), ServerKey.Ec("another").Jwk()).Value!;

        Assert.False(keys.HasSigned(Sign(_key)));
    }

    [Theory]
    [InlineData("key-1", "key-1", true)]
    [InlineData("key-1", null, true)]
    [InlineData(null, "key-1", true)]
    [InlineData(null, null, true)]
    [InlineData("key-1", "key-2", false)]
    public void A_key_matches_by_kid_or_if_key_or_header_has_none(string? inSet, string? inMessage, bool isSigned)
    {
        JsonObject jwk = _key.Jwk();
        jwk.Remove("kid");
        if (inSet is not null)
            jwk["kid"] = inSet;

        Assert.Equal(isSigned, Read(ServerKey.Ec("other").Jwk(), jwk).Value!.HasSigned(Sign(_key, inMessage)));
    }

    [Fact]
    public void Eight_keys_without_a_kid_are_tried_and_one_with_the_kid_is_tried_first()
    {
        JsonObject nameless = _key.Jwk();
        nameless.Remove("kid");
        JsonObject[] others = [.. Enumerable.Range(0, 8).Select(_ => ServerKey.Ec(keyId: null).Jwk())];

        Assert.True(Read([.. others.Skip(1), nameless.DeepClone()]).Value!.HasSigned(Sign(_key)));
        Assert.False(Read([.. others.Select(other => other.DeepClone()), nameless]).Value!.HasSigned(Sign(_key)));
        Assert.True(Read([.. others.Select(other => other.DeepClone()), _key.Jwk()]).Value!.HasSigned(Sign(_key)));
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void A_thousand_entries_of_a_set_are_read_whether_they_are_keys_or_not(int others, bool isUsable)
    {
        Reading<KeySet> reading = Read([.. Enumerable.Range(0, others).Select(static i => (JsonNode)i), _key.Jwk()]);

        Assert.Equal(isUsable, reading.Value is not null);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void A_hundred_keys_of_a_set_are_used(int others, bool isUsed)
    {
        JsonObject other = ServerKey.Ec("other").Jwk();

        KeySet keys = Read([.. Enumerable.Range(0, others).Select(_ => other.DeepClone()), _key.Jwk()]).Value!;

        Assert.Equal(isUsed, keys.HasSigned(Sign(_key)));
    }

    [Fact]
    public void A_byte_order_mark_is_ignored_as_in_every_document()
    {
        byte[] marked =
        [
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(_key.Jwk()) }.ToJsonString()),
        ];

        Assert.True(KeySetReader.Read(marked).Value!.HasSigned(Sign(_key)));
    }

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("<html>", "it is not JSON")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("{}", "it is not a JWK set")]
    [InlineData("""{"keys":{}}""", "it is not a JWK set")]
    [InlineData("""{"keys":[],"keys":[]}""", "it is not JSON, has a member twice")]
    [InlineData("""{"keys":[]}""", "it has no key that verifies")]
    [InlineData(
        """{"keys":[{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}""",
        "it has no key that verifies"
    )]
    [InlineData(
        """{"keys":[1,{"kty":"OKP"}]}""",
        "it has no key that verifies a signature (passed over: key 1 is not a JSON object, key 2 has a kty other than RSA, EC and oct)"
    )]
    [InlineData(
        """{"keys":[1,2,3,4,5,6]}""",
        "it has no key that verifies a signature (passed over: key 1 is not a JSON object, key 2 is not a JSON object, key 3 "
            + "is not a JSON object, key 4 is not a JSON object, key 5 is not a JSON object)"
    )]
    [InlineData("""{"keys":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}""", "it is not JSON")]
    public void A_document_without_a_usable_key_is_rejected(string json, string fault)
    {
        Reading<KeySet> reading = KeySetReader.Read(Encoding.UTF8.GetBytes(json));

        Assert.Null(reading.Value);
        Assert.StartsWith(fault, reading.Fault, StringComparison.Ordinal);
    }

    private static Reading<KeySet> Read(params JsonNode[] keys) =>
        KeySetReader.Read(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString()));

    private static Jws Sign(ServerKey key, string? keyId = "key-1") =>
        JwsReader.Read(JwsBuilder.Sign(new JwsHeader { Algorithm = key.Pair.Algorithms[0], KeyId = keyId }, "{}"u8, key.Pair))!;
}
