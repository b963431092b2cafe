using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Decryption of the content of the messages in the RFCs.</summary>
public sealed class ContentEncryptionTests
{
    /// <summary>RFC 7518, appendices B.1 to B.3: the ciphertexts and the tags.</summary>
    public static TheoryData<string, string, string> Kerckhoffs =>
        new()
        {
            {
                "A128CBC-HS256",
                "C80EDFA32DDF39D5EF00C0B468834279A2E46A1B8049F792F76BFE54B903A9C9A94AC9B47AD2655C5F10F9AEF71427E2FC6F9B3F399A221489F16362C703233609D45AC69864E3321CF82935AC4096C86E133314C54019E8CA7980DFA4B9CF1B384C486F3A54C51078158EE5D79DE59FBD34D848B3D69550A67646344427ADE54B8851FFB598F7F80074B9473C82E2DB",
                "652C3FA36B0A7C5B3219FAB3A30BC1C4"
            },
            {
                "A192CBC-HS384",
                "EA65DA6B59E61EDB419BE62D19712AE5D303EEB50052D0DFD6697F77224C8EDB000D279BDC14C1072654BD30944230C657BED4CA0C9F4A8466F22B226D1746214BF8CFC2400ADD9F5126E479663FC90B3BED787A2F0FFCBF3904BE2A641D5C2105BFE591BAE23B1D7449E532EEF60A9AC8BB6C6B01D35D49787BCD57EF484927F280ADC91AC0C4E79C7B11EFC60054E3",
                "8490AC0E58949BFE51875D733F93AC2075168039CCC733D7"
            },
            {
                "A256CBC-HS512",
                "4AFFAAADB78C31C5DA4B1B590D10FFBD3DD8D5D302423526912DA037ECBCC7BD822C301DD67C373BCCB584AD3E9279C2E6D12A1374B77F077553DF829410446B36EBD97066296AE6427EA75C2E0846A11A09CCF5370DC80BFECBAD28C73F09B3A3B75E662A2594410AE496B2E2E6609E31E6E02CC837F053D21F37FF4F51950BBE2638D09DD7A4930930806D0703B1F6",
                "4DD3B4C088A7F45C216839645B2012BF2E6269A8C56A816DBC1B267761955BC5"
            },
        };

    [Theory]
    [MemberData(nameof(Kerckhoffs))]
    public void The_test_cases_of_RFC_7518_pass(string name, string ciphertext, string tag)
    {
        ContentEncryption algorithm = ContentEncryption.Find(name)!;

        byte[]? text = Decrypt(algorithm, Convert.FromHexString(ciphertext), Convert.FromHexString(tag));

        Assert.Equal(RfcMessages.KerckhoffsText, Encoding.ASCII.GetString(text!));
    }

    [Theory]
    [MemberData(nameof(Kerckhoffs))]
    public void A_shortened_lengthened_or_changed_tag_is_rejected(string name, string ciphertext, string tag)
    {
        ContentEncryption algorithm = ContentEncryption.Find(name)!;
        byte[] text = Convert.FromHexString(ciphertext),
            good = Convert.FromHexString(tag);

        Assert.Equal(algorithm.TagLength, good.Length);
        Assert.Null(Decrypt(algorithm, text, []));
        Assert.Null(Decrypt(algorithm, text, good[..^1]));
        Assert.Null(Decrypt(algorithm, text, good[..(good.Length / 2)]));
        Assert.Null(Decrypt(algorithm, text, [.. good, 0]));
        Assert.All(Enumerable.Range(0, good.Length), i => Assert.Null(Decrypt(algorithm, text, Flip(good, i))));
        Assert.All(Enumerable.Range(0, text.Length), i => Assert.Null(Decrypt(algorithm, Flip(text, i), good)));
        Assert.Null(Decrypt(algorithm, text[..^16], good));
        Assert.Null(Decrypt(algorithm, text[..^1], good));
        Assert.Null(Decrypt(algorithm, [], good));
    }

    [Theory]
    [InlineData(RfcMessages.ImaginationJwe, RfcMessages.ImaginationKey, RfcMessages.ImaginationText, "A256GCM")]
    [InlineData(RfcMessages.FrodoJwe, RfcMessages.FrodoKey, RfcMessages.FrodoText, "A256GCM")]
    [InlineData(RfcMessages.ProsperJwe, RfcMessages.ProsperKey, RfcMessages.ProsperText, "A128CBC-HS256")]
    public void The_content_of_an_RFC_example_is_decrypted_with_its_key(string compact, string key, string text, string name)
    {
        string[] parts = compact.Split('.');
        Jwe message = Message(
            ContentEncryption.Find(name)!,
            Base64UrlText.Decode(parts[2])!,
            Base64UrlText.Decode(parts[3])!,
            Base64UrlText.Decode(parts[4])!,
            parts[0]
        );

        Assert.Equal(text, Encoding.UTF8.GetString(message.ContentEncryption.Decrypt(Base64UrlText.Decode(key)!, message)!));
    }

    [Theory]
    [InlineData("RSA1_5")]
    [InlineData("dir")]
    [InlineData("A128GCMKW")]
    [InlineData("a128gcm")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_algorithms_are_not_found(string? name)
    {
        Assert.Null(ContentEncryption.Find(name));
        Assert.Null(KeyEncryption.Find(name));
    }

    private static byte[]? Decrypt(ContentEncryption algorithm, byte[] ciphertext, byte[] tag) =>
        algorithm.Decrypt(
            [.. Enumerable.Range(0, algorithm.KeyLength).Select(i => (byte)i)],
            Message(algorithm, Convert.FromHexString(RfcMessages.KerckhoffsVector), ciphertext, tag, RfcMessages.KerckhoffsData)
        );

    private static Jwe Message(ContentEncryption algorithm, byte[] vector, byte[] ciphertext, byte[] tag, string additionalData) =>
        new()
        {
            KeyEncryption = KeyEncryption.All[0],
            ContentEncryption = algorithm,
            EncryptedKey = new byte[256],
            InitializationVector = vector,
            Ciphertext = ciphertext,
            Tag = tag,
            AdditionalData = Encoding.ASCII.GetBytes(additionalData),
        };

    private static byte[] Flip(byte[] bytes, int i)
    {
        byte[] changed = [.. bytes];
        changed[i] ^= 1;
        return changed;
    }
}
