using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>The test vectors of the RFCs.</summary>
public sealed class RfcVectorTests
{
    [Theory]
    [InlineData(RfcKeys.Hs256Key, RfcKeys.Hs256Jws, RfcKeys.JoePayload)]
    [InlineData(RfcKeys.Rs256Key, RfcKeys.Rs256Jws, RfcKeys.JoePayload)]
    [InlineData(RfcKeys.Es256Key, RfcKeys.Es256Jws, RfcKeys.JoePayload)]
    [InlineData(RfcKeys.BilboKey, RfcKeys.BilboJws, RfcKeys.FrodoPayload)]
    [InlineData(RfcKeys.SecretKey, RfcKeys.SecretJws, RfcKeys.FrodoPayload)]
    [InlineData(RfcKeys.Es512Key, RfcKeys.Es512Jws, "Payload")]
    [InlineData(RfcKeys.BilboEcKey, RfcKeys.BilboEs512Jws, RfcKeys.FrodoPayload)]
    [InlineData(RfcKeys.BilboKey, RfcKeys.BilboPs384Jws, RfcKeys.FrodoPayload)]
    public void An_RFC_example_is_read_and_verified(string jwk, string compact, string payload)
    {
        JoseKey key = ReadKey(jwk);

        Jws jws = JwsReader.Read(compact)!;

        Assert.Equal(payload, Encoding.UTF8.GetString(jws.Payload.Span));
        Assert.True(jws.IsSignedBy(key, [jws.Header.Algorithm]));
    }

    [Theory]
    [InlineData(RfcKeys.Rs256Key, RfcKeys.Rs256Jws, RfcKeys.JoePayload)]
    [InlineData(RfcKeys.BilboKey, RfcKeys.BilboJws, RfcKeys.FrodoPayload)]
    [InlineData(RfcKeys.SecretKey, RfcKeys.SecretJws, RfcKeys.FrodoPayload)]
    public void A_deterministic_signature_equals_that_of_the_RFC(string jwk, string compact, string payload)
    {
        JoseKey key = ReadKey(jwk);

        string signed = JwsBuilder.Sign(
            new JwsHeader { Algorithm = key.Algorithms[0], KeyId = key.KeyId },
            Encoding.UTF8.GetBytes(payload),
            key
        );

        Assert.Equal(compact, signed);
    }

    [Fact]
    public void The_signature_of_appendix_A_1_is_computed_over_the_header_as_it_was_received()
    {
        string signingInput = RfcKeys.Hs256Jws[..RfcKeys.Hs256Jws.LastIndexOf('.')];

        byte[] signature = ReadKey(RfcKeys.Hs256Key).Sign(JoseAlgorithm.HS256, Encoding.ASCII.GetBytes(signingInput));

        Assert.Equal(RfcKeys.Hs256Jws, JwsBuilder.Complete(signingInput, signature));
    }

    [Fact]
    public void The_unsecured_message_of_appendix_A_5_is_rejected() => Assert.Null(JwsReader.Read(RfcKeys.UnsecuredJws));

    [Fact]
    public void The_thumbprint_equals_that_of_RFC_7638()
    {
        JoseKey key = ReadKey(RfcKeys.ThumbprintKey);

        Assert.Equal((RfcKeys.Thumbprint, "2011-04-29", false), (key.Thumbprint, key.KeyId, key.IsPrivate));
        Assert.Equal([JoseAlgorithm.RS256], key.Algorithms);
    }

    [Fact]
    public void The_key_in_the_proof_of_RFC_9449_verifies_it_and_has_the_thumbprint_of_section_6_1()
    {
        Jws proof = JwsReader.Read(RfcKeys.DpopProof)!;

        Assert.True(proof.Header.HasType("dpop+jwt"));
        JoseKey key = JsonWebKeyReader.ReadPublic(proof.Header.Jwk!.Value, JoseAlgorithm.ES256, out _)!;
        Assert.True(proof.IsSignedBy(key, JoseAlgorithm.Asymmetric));
        Assert.Equal(RfcKeys.DpopThumbprint, key.Thumbprint);
    }

    private static JoseKey ReadKey(string jwk)
    {
        JoseKey? key = JsonWebKeyReader.Read(jwk, out string? fault);
        Assert.Null(fault);
        return key!;
    }
}
