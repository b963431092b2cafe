using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Signed messages that are rejected while parsing, and messages whose signature is invalid.</summary>
public sealed class JwsTests
{
    private const string PublicP256 =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"es256"}""")]
    [InlineData("""{"alg":"ES256K"}""")]
    [InlineData("""{"alg":"EdDSA"}""")]
    [InlineData("""{"alg":"RS1"}""")]
    [InlineData("""{"alg":"rs384"}""")]
    [InlineData("""{"alg":"PS512 "}""")]
    [InlineData("""{"alg":""}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""ES256""")]
    [InlineData("")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"none"}""")]
    [InlineData("""{"alg":"ES256","x":{"a":1,"a":2}}""")]
    [InlineData("""{"alg":"ES256","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":true}""")]
    [InlineData("""{"alg":"ES256","typ":1}""")]
    [InlineData("""{"alg":"ES256","kid":{}}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"ES256"} """ + "x")]
    [InlineData("""{"alg":"ES256",}""")]
    [InlineData("""{"alg":"ES256"/**/}""")]
    [InlineData("""{"alg":"ES256","x":[[[[[[[[[]]]]]]]]]}""")]
    [InlineData("""{"alg":"ES256","jwk":"x"}""")]
    [InlineData("""{"alg":"ES256","jwk":""" + RfcKeys.Es256Key + "}")] // private
    [InlineData("""{"alg":"HS256","jwk":""" + RfcKeys.Hs256Key + "}")] // a shared secret
    public void A_header_with_unsupported_members_is_rejected(string header)
    {
        Assert.Null(JwsReader.Read($"{Base64UrlText.Encode(header)}.e30.AAAA"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA.")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA.AAAA.AAAA")]
    [InlineData(".e30.AAAA")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9 .e30.AAAA")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30=.AAAA")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AA==")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AA+/")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AB")] // bits that no encoder leaves
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.A")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9\n.e30.AAAA")]
    public void Any_serialization_but_the_compact_one_is_rejected(string compact) => Assert.Null(JwsReader.Read(compact));

    /// <summary>RFC 7515, section 5.2, step 3.</summary>
    [Fact]
    public void A_header_that_is_not_UTF_8_is_rejected()
    {
        byte[] header = [.. "{\"alg\":\"ES256\",\""u8, 0xE4, .. "\":1}"u8];

        Assert.Null(JwsReader.Read($"{Base64UrlText.Encode(header)}.e30.AAAA"));
    }

    [Fact]
    public void A_public_key_in_the_header_is_read_and_a_media_type_is_compared_without_case_and_prefix()
    {
        JwsHeader header = JwsReader
            .Read(
                $"{Base64UrlText.Encode($$"""{"alg":"ES256","typ":"Application/DPoP+JWT","jwk":{{PublicP256}},"x5c":[],"jku":"https://evil.example"}""")}.e30.AAAA"
            )!
            .Header;

        Assert.Equal(JoseAlgorithm.ES256, header.Algorithm);
        Assert.False(JsonWebKeyReader.ReadPublic(header.Jwk!.Value, JoseAlgorithm.ES256, out _)!.IsPrivate);
        Assert.True(header.HasType("dpop+jwt"));
        Assert.False(header.HasType("jwt"));
        Assert.False(new JwsHeader { Algorithm = JoseAlgorithm.ES256 }.HasType("jwt"));
    }

    [Theory]
    [InlineData(RfcKeys.Hs256Key, RfcKeys.Hs256Jws)]
    [InlineData(RfcKeys.Rs256Key, RfcKeys.Rs256Jws)]
    [InlineData(RfcKeys.Es256Key, RfcKeys.Es256Jws)]
    public void A_change_of_any_character_invalidates_the_message(string jwk, string compact)
    {
        JoseKey key = JsonWebKeyReader.Read(jwk, out _)!;
        var wrong = new List<string>();

        for (int i = 0; i < compact.Length; i++)
        {
            string changed = $"{compact[..i]}{(compact[i] == 'A' ? 'B' : 'A')}{compact[(i + 1)..]}";
            if (JwsReader.Read(changed) is { } jws && jws.IsSignedBy(key, [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric]))
                wrong.Add(changed);
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(RfcKeys.Hs256Key, RfcKeys.Hs256Jws)]
    [InlineData(RfcKeys.Rs256Key, RfcKeys.Rs256Jws)]
    [InlineData(RfcKeys.Es256Key, RfcKeys.Es256Jws)]
    public void A_valid_signature_with_an_algorithm_that_is_not_allowed_is_rejected(string jwk, string compact)
    {
        JoseKey key = JsonWebKeyReader.Read(jwk, out _)!;
        Jws jws = JwsReader.Read(compact)!;

        Assert.False(jws.IsSignedBy(key, []));
        Assert.False(
            jws.IsSignedBy(
                key,
                [.. JoseAlgorithm.Asymmetric.Concat(JoseAlgorithm.Symmetric).Where(algorithm => algorithm != jws.Header.Algorithm)]
            )
        );
    }

    [Fact]
    public void A_public_key_is_never_used_as_a_shared_secret()
    {
        using var rsa = RsaKeys.CreateFirst();
        JoseKey key = RsaJoseKey.Create(rsa, isPrivate: false)!;
        foreach (
            byte[] secret in new[]
            {
                Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
                rsa.ExportSubjectPublicKeyInfo(),
                rsa.ExportRSAPublicKey(),
            }
        )
        {
            string forged = JwsBuilder.Sign(new JwsHeader { Algorithm = JoseAlgorithm.HS256 }, "{}"u8, SymmetricJoseKey.Create(secret)!);

            Assert.False(JwsReader.Read(forged)!.IsSignedBy(key, [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric]));
        }
    }

    [Fact]
    public void The_key_must_support_the_algorithm()
    {
        using var rsa = RsaKeys.CreateFirst();
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        JoseKey pss = RsaJoseKey.Create(rsa, isPrivate: true, onlyAlgorithm: JoseAlgorithm.PS256)!;
        JoseKey ec = EcJoseKey.Create(p384, isPrivate: true)!;

        Assert.Throws<CryptographicException>(() => pss.Sign(JoseAlgorithm.RS256, "x"u8));
        Assert.False(pss.Verify(JoseAlgorithm.RS256, "x"u8, rsa.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(ec.Verify(JoseAlgorithm.ES256, "x"u8, p384.SignData("x"u8, HashAlgorithmName.SHA256)));
        Assert.Throws<CryptographicException>(() => RsaJoseKey.Create(rsa, isPrivate: false)!.Sign(JoseAlgorithm.RS256, "x"u8));
    }

    [Fact]
    public void An_ECDSA_signature_has_exactly_one_format()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JoseKey key = EcJoseKey.Create(p256, isPrivate: false)!;
        byte[] good = p256.SignData("x"u8, HashAlgorithmName.SHA256);

        Assert.True(key.Verify(JoseAlgorithm.ES256, "x"u8, good));
        Assert.False(
            key.Verify(JoseAlgorithm.ES256, "x"u8, p256.SignData("x"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
        );
        Assert.False(key.Verify(JoseAlgorithm.ES256, "x"u8, new byte[64])); // r and s are zero
        Assert.False(key.Verify(JoseAlgorithm.ES256, "x"u8, [0, .. good]));
        Assert.False(key.Verify(JoseAlgorithm.ES256, "x"u8, []));
    }

    [Fact]
    public void A_key_with_another_kid_does_not_verify_the_message()
    {
        JoseKey key = JsonWebKeyReader.Read(RfcKeys.BilboKey, out _)!;
        JsonObject renamed = JsonNode.Parse(RfcKeys.BilboKey)!.AsObject();
        renamed["kid"] = "frodo";
        JoseKey other = JsonWebKeyReader.Read(renamed.ToJsonString(), out _)!;

        Assert.True(JwsReader.Read(RfcKeys.BilboJws)!.IsSignedBy(key, JoseAlgorithm.Asymmetric));
        Assert.False(JwsReader.Read(RfcKeys.BilboJws)!.IsSignedBy(other, JoseAlgorithm.Asymmetric));
    }

    [Fact]
    public void A_message_or_a_key_without_a_kid_matches_every_kid()
    {
        JsonObject unnamed = JsonNode.Parse(RfcKeys.BilboKey)!.AsObject();
        unnamed.Remove("kid");
        JsonObject named = JsonNode.Parse(RfcKeys.Rs256Key)!.AsObject();
        named["kid"] = "1";

        Assert.True(
            JwsReader.Read(RfcKeys.BilboJws)!.IsSignedBy(JsonWebKeyReader.Read(unnamed.ToJsonString(), out _)!, JoseAlgorithm.Asymmetric)
        );
        Assert.True(
            JwsReader.Read(RfcKeys.Rs256Jws)!.IsSignedBy(JsonWebKeyReader.Read(named.ToJsonString(), out _)!, JoseAlgorithm.Asymmetric)
        );
    }

    [Fact]
    public void A_written_header_has_the_type_the_key_and_the_certificate()
    {
        string input = JwsBuilder.CreateSigningInput(
            new JwsHeader
            {
                Algorithm = JoseAlgorithm.PS256,
                Type = "client-authentication+jwt",
                KeyId = "1",
                CertificateThumbprint = "AAAA",
            },
            "{}"u8
        );

        JsonNode written = JsonNode.Parse(Base64UrlText.Decode(input.Split('.')[0])!)!;
        JsonNode expected = JsonNode.Parse("""{"alg":"PS256","typ":"client-authentication+jwt","kid":"1","x5t#S256":"AAAA"}""")!;
        Assert.True(JsonNode.DeepEquals(expected, written), written.ToJsonString());
    }

    [Theory]
    [InlineData("ES384", false)]
    [InlineData("ES512", false)]
    [InlineData("ES256", true)]
    [InlineData("RS512", true)]
    [InlineData("PS512", true)]
    public void Only_the_larger_curves_are_expensive(string name, bool isCheap) => Assert.Equal(isCheap, JoseAlgorithm.Find(name)!.IsCheap);

    [Fact]
    public void A_shared_secret_has_the_thumbprint_of_its_required_members()
    {
        string secret = JsonNode.Parse(RfcKeys.Hs256Key)!["k"]!.GetValue<string>();
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"k":"{{secret}}","kty":"oct"}"""));

        Assert.Equal(Base64UrlText.Encode(hash), JsonWebKeyReader.Read(RfcKeys.Hs256Key, out _)!.Thumbprint);
    }

    public static TheoryData<string> AllAlgorithms =>
        [.. JoseAlgorithm.Asymmetric.Concat(JoseAlgorithm.Symmetric).Select(algorithm => algorithm.Name)];

    [Theory]
    [MemberData(nameof(AllAlgorithms))]
    public void A_key_signs_and_verifies_in_parallel_with_every_algorithm(string name)
    {
        JoseAlgorithm algorithm = JoseAlgorithm.Find(name)!;
        JoseKey key = TestKeys.Get(algorithm);

        bool[] verified = new bool[64];
        Parallel.For(
            0,
            verified.Length,
            i =>
            {
                byte[] data = Encoding.ASCII.GetBytes($"message {i}");
                verified[i] = key.Verify(algorithm, data, key.Sign(algorithm, data));
            }
        );

        Assert.DoesNotContain(false, verified);
    }

    // X17, X19
    [Theory]
    [MemberData(nameof(AllAlgorithms))]
    public void A_signature_with_one_algorithm_is_invalid_for_another(string name)
    {
        JoseAlgorithm algorithm = JoseAlgorithm.Find(name)!;
        JoseAlgorithm[] all = [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric];
        JoseKey key = TestKeys.Get(algorithm);

        foreach (JoseAlgorithm other in all.Where(other => other != algorithm))
        {
            // The header names the other algorithm
            string input = JwsBuilder.CreateSigningInput(new JwsHeader { Algorithm = other }, "{}"u8);
            Jws jws = JwsReader.Read(JwsBuilder.Complete(input, key.Sign(algorithm, Encoding.ASCII.GetBytes(input))))!;

            Assert.False(jws.IsSignedBy(key, all), other.Name);
            Assert.False(jws.IsSignedBy(TestKeys.Get(other), all), other.Name);
        }
    }

    [Theory]
    [MemberData(nameof(AllAlgorithms))]
    public void A_shortened_lengthened_zero_or_random_signature_is_invalid(string name)
    {
        JoseAlgorithm algorithm = JoseAlgorithm.Find(name)!;
        JoseKey key = TestKeys.Get(algorithm);
        byte[] good = key.Sign(algorithm, "x"u8);

        Assert.True(key.Verify(algorithm, "x"u8, good));
        byte[][] wrong =
        [
            [],
            [0],
            good[..^1],
            good[1..],
            good[..(good.Length / 2)],
            [.. good, 0],
            [0, .. good],
            new byte[good.Length],
            [.. Enumerable.Repeat((byte)255, good.Length)],
            RandomNumberGenerator.GetBytes(good.Length),
            [.. good[(good.Length / 2)..], .. good[..(good.Length / 2)]],
            new byte[8192],
        ];
        Assert.All(wrong, signature => Assert.False(key.Verify(algorithm, "x"u8, signature)));
        Assert.False(key.Verify(algorithm, "y"u8, good));
    }

    [Theory]
    [InlineData("P-256", "ES256")]
    [InlineData("P-384", "ES384")]
    [InlineData("P-521", "ES512")]
    public void A_curve_has_one_algorithm(string curve, string name)
    {
        using ECDsa ecdsa = ECDsa.Create(EcCurve.Find(curve)!.Curve);
        JoseKey key = EcJoseKey.Create(ecdsa, isPrivate: true)!;

        Assert.Equal([name], key.Algorithms.Select(algorithm => algorithm.Name));
        foreach (JoseAlgorithm other in JoseAlgorithm.Asymmetric.Where(algorithm => algorithm.Name != name))
            Assert.Throws<CryptographicException>(() => key.Sign(other, "x"u8));
    }

    [Theory]
    [InlineData("brainpoolP256r1")]
    [InlineData("brainpoolP512r1")]
    public void A_key_on_a_curve_that_only_resembles_a_supported_one_is_rejected(string curve)
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assert.Null(EcJoseKey.Create(ecdsa, isPrivate: true));
    }
}
