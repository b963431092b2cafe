using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Encrypted messages: RSA-OAEP-256 and A256GCM, and nothing else.</summary>
public sealed class JweTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);

    public void Dispose()
    {
        _rsa.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(RfcMessages.ImaginationJwe, RfcMessages.ImaginationKey, RfcMessages.ImaginationText)]
    [InlineData(RfcMessages.FrodoJwe, RfcMessages.FrodoKey, RfcMessages.FrodoText)]
    public void The_content_of_a_message_of_an_RFC_is_decrypted_with_the_RFCs_key(string compact, string key, string text)
    {
        string[] parts = compact.Split('.');
        var jwe = new Jwe
        {
            EncryptedKey = Base64UrlText.Decode(parts[1])!,
            InitializationVector = Base64UrlText.Decode(parts[2])!,
            Ciphertext = Base64UrlText.Decode(parts[3])!,
            Tag = Base64UrlText.Decode(parts[4])!,
            AdditionalData = Encoding.ASCII.GetBytes(parts[0]),
        };

        Assert.Equal(text, Encoding.UTF8.GetString(jwe.Decrypt(Base64UrlText.Decode(key)!.AsSpan())!));
    }

    [Theory]
    [InlineData(RfcMessages.ImaginationJwe)]
    [InlineData(RfcMessages.FrodoJwe)]
    public void A_message_by_RSA_OAEP_with_SHA_1_is_refused_even_the_RFCs_own(string compact) => Assert.Null(JweReader.Read(compact));

    [Fact]
    public void A_message_is_decrypted()
    {
        Jwe jwe = JweReader.Read(JweBuilder.Encrypt("a text", _rsa))!;

        Assert.Equal("JWT", jwe.ContentType);
        Assert.Equal("a text", Encoding.UTF8.GetString(jwe.Decrypt(Key(_rsa))!));
    }

    [Fact]
    public void Another_key_another_padding_and_every_changed_part_end_the_same_way()
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
            Base64UrlText.Encode("""{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"jwt"}""") + sound[sound.IndexOf('.', StringComparison.Ordinal)..],
        ];

        Assert.All(messages, message => Assert.Null(JweReader.Read(message)!.Decrypt(Key(_rsa))));
    }

    [Theory]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA1_5","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"dir","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"rsa-oaep-256","enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256CBC-HS512"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256"}""")]
    [InlineData("""{"enc":"A256GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":"DEF"}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","alg":"RSA-OAEP-256"}""")]
    [InlineData("""{"alg":["RSA-OAEP-256"],"enc":"A256GCM"}""")]
    [InlineData("""["RSA-OAEP-256","A256GCM"]""")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void A_header_that_is_not_understood_refuses_the_message(string header) => Assert.Null(JweReader.Read(JweBuilder.Encrypt("a text", _rsa, header)));

    [Fact]
    public void A_shorter_tag_a_missing_part_and_a_second_spelling_are_refused()
    {
        string sound = JweBuilder.Encrypt("a text", _rsa);
        string[] parts = sound.Split('.');

        Assert.Null(JweReader.Read(JweBuilder.Encrypt("a text", _rsa, tagLength: 12)));
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

        Assert.Contains("1024 bits", Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(small.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
        Assert.Contains("not an RSA key", Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(ec.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
        Assert.Contains("is a public key", Assert.Throws<ArgumentException>(() => ClientDecryptionKey.FromPem(_rsa.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
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
