using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Encrypted messages. Only RSA-OAEP with either hash and authenticated AES are accepted.</summary>
public sealed class JweTests : IDisposable
{
    private readonly RSA _rsa = RsaKeys.CreateFirst();
    private readonly RSA _other = RsaKeys.CreateOther();

    public void Dispose()
    {
        _rsa.Dispose();
        _other.Dispose();
    }

    public static TheoryData<string, string> Algorithms
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (KeyEncryption alg in KeyEncryption.All)
            {
                foreach (ContentEncryption enc in ContentEncryption.All)
                    all.Add(alg.Name, enc.Name);
            }

            return all;
        }
    }

    [Fact]
    public void The_message_of_RFC_7516_is_decrypted_with_the_RFCs_RSA_key()
    {
        var key = (RsaJoseKey)JsonWebKeyReader.Read(RfcMessages.ImaginationRsaKey, out _)!;

        Assert.Equal(RfcMessages.ImaginationText, Encoding.UTF8.GetString(JweReader.Read(RfcMessages.ImaginationJwe)!.Decrypt(key)!));
    }

    [Fact]
    public void A_message_with_PKCS_1_padding_is_rejected() => Assert.Null(JweReader.Read(RfcMessages.ProsperJwe));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_message_is_decrypted_with_every_pair_of_algorithms_unless_it_was_changed(string alg, string enc)
    {
        string sound = JweBuilder.EncryptBy(alg, enc, "a text", _rsa);

        Assert.Equal("a text", Encoding.UTF8.GetString(JweReader.Read(sound)!.Decrypt(Key(_rsa))!));
        Assert.Null(JweReader.Read(sound)!.Decrypt(Key(_other)));
        for (int part = 1; part < 5; part++)
            Assert.Null(JweReader.Read(Change(sound, part))!.Decrypt(Key(_rsa)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_message_that_names_the_wrong_algorithm_is_not_decrypted(string alg, string enc)
    {
        string sound = JweBuilder.EncryptBy(alg, enc, "a text", _rsa);
        string rest = sound[sound.IndexOf('.', StringComparison.Ordinal)..];

        foreach ((string otherAlg, string otherEnc) in Algorithms.Select(row => row.Data))
        {
            if ((otherAlg, otherEnc) != (alg, enc))
            {
                string header = Base64UrlText.Encode($$"""{"alg":"{{otherAlg}}","enc":"{{otherEnc}}","cty":"JWT"}""");
                Assert.Null(JweReader.Read(header + rest)?.Decrypt(Key(_rsa)));
            }
        }
    }

    [Theory]
    [InlineData("A128CBC-HS256", 32)]
    [InlineData("A192CBC-HS384", 48)]
    [InlineData("A256CBC-HS512", 64)]
    public void Invalid_padding_with_a_valid_tag_has_the_same_result_as_any_other_fault(string enc, int keyLength)
    {
        string header = $$"""{"alg":"RSA-OAEP","enc":"{{enc}}"}""";
        byte[] key = RandomNumberGenerator.GetBytes(keyLength),
            zeros = new byte[32];

        Assert.Null(
            JweReader
                .Read(JweBuilder.EncryptCbc(zeros, _rsa, header, RSAEncryptionPadding.OaepSHA1, key, PaddingMode.None))!
                .Decrypt(Key(_rsa))
        );
        Assert.Equal(
            zeros,
            JweReader
                .Read(JweBuilder.EncryptCbc(zeros, _rsa, header, RSAEncryptionPadding.OaepSHA1, key, PaddingMode.PKCS7))!
                .Decrypt(Key(_rsa))
        );
    }

    [Theory]
    [InlineData("A128CBC-HS256", 0)]
    [InlineData("A128CBC-HS256", 16)]
    [InlineData("A128CBC-HS256", 31)]
    [InlineData("A128CBC-HS256", 33)]
    [InlineData("A128CBC-HS256", 64)]
    [InlineData("A256CBC-HS512", 32)]
    [InlineData("A256CBC-HS512", 63)]
    [InlineData("A256GCM", 0)]
    [InlineData("A256GCM", 16)]
    [InlineData("A128GCM", 32)]
    public void A_content_key_of_the_wrong_length_has_the_same_result_as_any_other_fault(string enc, int length)
    {
        bool isGcm = enc.EndsWith("GCM", StringComparison.Ordinal);
        string[] parts = JweBuilder.EncryptBy("RSA-OAEP", enc, "a text", _rsa).Split('.');
        parts[1] = Base64UrlText.Encode(_rsa.Encrypt(new byte[length], RSAEncryptionPadding.OaepSHA1));

        Jwe jwe = JweReader.Read(string.Join('.', parts))!;

        Assert.Equal(isGcm ? 12 : 16, jwe.InitializationVector.Length);
        Assert.Null(jwe.Decrypt(Key(_rsa)));
    }

    [Fact]
    public void A_message_is_decrypted()
    {
        Jwe jwe = JweReader.Read(JweBuilder.Encrypt("a text", _rsa))!;

        Assert.Equal("JWT", jwe.ContentType);
        Assert.Equal("a text", Encoding.UTF8.GetString(jwe.Decrypt(Key(_rsa))!));
    }

    [Fact]
    public void A_wrong_key_a_wrong_padding_and_every_changed_part_have_the_same_result()
    {
        string sound = JweBuilder.Encrypt("a text", _rsa);
        string[] messages =
        [
            JweBuilder.Encrypt("a text", _other),
            JweBuilder.Encrypt("a text", _rsa, padding: RSAEncryptionPadding.OaepSHA1),
            JweBuilder.Encrypt("a text", _rsa, padding: RSAEncryptionPadding.Pkcs1),
            JweBuilder.Encrypt("a text", _rsa, keyLength: 16), // A128GCM under the name of A256GCM
            Change(sound, 1),
            Change(sound, 2),
            Change(sound, 3),
            Change(sound, 4),
            Base64UrlText.Encode("""{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"jwt"}""")
                + sound[sound.IndexOf('.', StringComparison.Ordinal)..],
        ];

        Assert.All(messages, message => Assert.Null(JweReader.Read(message)!.Decrypt(Key(_rsa))));
    }

    [Theory]
    [InlineData("""{"alg":"RSA-OAEP-384","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-512","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA1_5","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"dir","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"none","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"A256KW","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2147483647,"p2s":"AAAA"}""")]
    [InlineData("""{"alg":"rsa-oaep-256","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256CBC"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A128CBC-HS512"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"a256gcm"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":null}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":null}""")]
    [InlineData("""{"alg":"RSA-OAEP-256"}""")]
    [InlineData("""{"enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":"DEF"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","alg":"RSA-OAEP-256"}""")]
    [InlineData("""{"alg":["RSA-OAEP-256"],"enc":"A256GCM"}""")]
    [InlineData("""["RSA-OAEP-256","A256GCM"]""")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void A_message_with_an_unsupported_header_is_rejected(string header) =>
        Assert.Null(JweReader.Read(JweBuilder.Encrypt("a text", _rsa, header)));

    [Fact]
    public void A_shorter_tag_a_missing_part_and_a_second_encoding_are_rejected()
    {
        string sound = JweBuilder.Encrypt("a text", _rsa);
        string[] parts = sound.Split('.');

        Assert.Null(JweReader.Read(JweBuilder.Encrypt("a text", _rsa, tagLength: 12)));
        foreach (
            (string enc, int length) in ((string, int)[])
                [("A128CBC-HS256", 15), ("A128CBC-HS256", 32), ("A192CBC-HS384", 16), ("A256CBC-HS512", 16), ("A256CBC-HS512", 64)]
        )
        {
            string[] cbc = JweBuilder.EncryptBy("RSA-OAEP", enc, "a text", _rsa).Split('.');
            Assert.NotNull(JweReader.Read(string.Join('.', cbc)));
            Assert.Null(JweReader.Read($"{cbc[0]}.{cbc[1]}.{cbc[2]}.{cbc[3]}.{Base64UrlText.Encode(new byte[length])}"));
            Assert.Null(JweReader.Read($"{cbc[0]}.{cbc[1]}.{Base64UrlText.Encode(new byte[12])}.{cbc[3]}.{cbc[4]}"));
        }

        Assert.Null(JweReader.Read($"{parts[0]}.{parts[1]}.{Base64UrlText.Encode(new byte[16])}.{parts[3]}.{parts[4]}"));
        Assert.Null(JweReader.Read($"{parts[0]}..{parts[2]}.{parts[3]}.{parts[4]}"));
        Assert.Null(JweReader.Read($"{parts[0]}.{parts[1]}.{parts[2]}..{parts[4]}"));
        Assert.Null(JweReader.Read(string.Join('.', parts[..4])));
        Assert.Null(JweReader.Read(sound + "."));
        Assert.Null(JweReader.Read(sound + "="));
        Assert.Null(JweReader.Read(" " + sound));
    }

    [Fact]
    public void Only_an_RSA_key_of_at_least_2048_bits_decrypts()
    {
        using var small = RSA.Create(1024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Contains(
            "1024 bits",
            Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(small.ExportPkcs8PrivateKeyPem())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "not an RSA key",
            Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(ec.ExportPkcs8PrivateKeyPem())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is a public key",
            Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(_rsa.ExportSubjectPublicKeyInfoPem())).Message,
            StringComparison.Ordinal
        );
        Assert.NotNull(ClientDecryptionKey.FromPem(_rsa.ExportRSAPrivateKeyPem()));
    }

    private static RsaJoseKey Key(RSA rsa) => RsaJoseKey.Create(rsa, isPrivate: true)!;

    /// <summary>Changes the first byte of a part.</summary>
    private static string Change(string compact, int part)
    {
        string[] parts = compact.Split('.');
        byte[] bytes = Base64UrlText.Decode(parts[part])!;
        bytes[0] ^= 1;
        parts[part] = Base64UrlText.Encode(bytes);
        return string.Join('.', parts);
    }
}
