using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Tests.Certificates;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>One private key and its certificate, in the forms in which files in the field have them.</summary>
internal static class KeyMaterial
{
    public const string Password = "the-password-that-must-not-leak";

    // By openssl 3, of one key on P-256, with the password "password".
    private const string ByScrypt = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAjaFjUpa5CEmgICQAAC
        AQgCAQEwHQYJYIZIAWUDBAEqBBA03LTU+7HxrIFJJcDSIEYUBIGQkIU1fGP0Do0n
        171RU0ICZy2tWJYirO9qZHraMUxQCbAk7Q+4VnwWaqquKqYkvF6OWq4HLyf/SS1Y
        DHPcgSKokZMG0aH0zqCaqQ86+IlQqhSgzQ3opfP/iD9C5zgCytsKYnO4cVe5GHJz
        6l1gOtDwZ1anYfRvY4P8uUAfmqEdtKc9Y3CzzRk/HacL8mPvTjfm
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    private const string ByCamellia = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHuMFkGCSqGSIb3DQEFDTBMMCkGCSqGSIb3DQEFDDAcBAioVg3OlT+GNwICCAAw
        DAYIKoZIhvcNAgkFADAfBgsqgwiMmks9AQEBBAQQhhRBnnDpBJofZ8cc/QTX8QSB
        kOJKpupEPyq2hnBTmcnk2W5z3odmpAb5mBeG/n9lOVjkqDmySrgHgG+6+4F54y0t
        KoLAqH9yTMvs8W16317AlNbVkr1pBEXz30MhH3yf5sgSwYbh5S3IMesDmWldNmBa
        /yOVouOzeCrzbkocCFhG9wgxHcbZTZlBxdDxYGZhaiK+IAnPqV+LvKqIYhGSIG4V
        rw==
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    private const string TraditionallyEncrypted = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,E6CE250B4AB059D46FDA0B6892A8A3B1

        hmS8CSZFCsALLFH78Bv5qBOWpfB/f41hAsHY2IzyRbILC3uFQLN7bU7rkXt7gPDl
        0uw1JMdujZfr8ppuu2xmHCTrVua/kl/jqUHGe+VDPOL8/vgB2zKZPX54wspWqGqM
        /XOtEaz/OXsvGnVkIrNIHoaA64ch//jZK7HUpVJBh8k=
        -----END EC PRIVATE KEY-----
        """;

    public static RSA Key { get; } = RSA.Create(2048);

    public static X509Certificate2 Certificate { get; } = CreateCertificate(Key);

    public static X509Certificate2 OtherCertificate { get; } = CreateCertificate(RSA.Create(2048));

    public static string KeyPem { get; } = Key.ExportPkcs8PrivateKeyPem();

    public static string CertificatePem { get; } = Certificate.ExportCertificatePem();

    public static string EncryptedPem { get; } =
        Key.ExportEncryptedPkcs8PrivateKeyPem(
            Password,
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 400_000)
        );

    /// <summary>The contents of a file that has one usable key.</summary>
    public static byte[] Usable(string form) =>
        form switch
        {
            "PKCS #8" => Utf8(KeyPem),
            "PKCS #1" => Utf8(Key.ExportRSAPrivateKeyPem()),
            "a byte order mark" => [0xEF, 0xBB, 0xBF, .. Utf8(KeyPem)],
            "CRLF" => Utf8(KeyPem.ReplaceLineEndings("\r\n") + "\r\n"),
            "text around it" => Utf8($"Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n{KeyPem}\n# until 2027\n\n"),
            "certificates before it" => Utf8($"{OtherCertificate.ExportCertificatePem()}\n{CertificatePem}\n{KeyPem}\n"),
            "certificates behind it" => Utf8($"{KeyPem}\n{OtherCertificate.ExportCertificatePem()}\n{CertificatePem}\n"),
            "its public key beside it" => Utf8($"{Key.ExportSubjectPublicKeyInfoPem()}\n{KeyPem}\n"),
            "encrypted" => Utf8(EncryptedPem),
            "DER" => Key.ExportPkcs8PrivateKey(),
            "DER, PKCS #1" => Key.ExportRSAPrivateKey(),
            "DER, encrypted" => Key.ExportEncryptedPkcs8PrivateKey(
                Password,
                new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 2048)
            ),
            "DER with a line end" => [.. Key.ExportPkcs8PrivateKey(), (byte)'\n'],
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };

    /// <summary>The contents of a file that has no usable key.</summary>
    public static byte[] Unusable(string form) =>
        form switch
        {
            "nothing" => [],
            "blanks" => Utf8("\r\n \t\n"),
            "UTF-16 with a mark" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(KeyPem)],
            "UTF-16 without a mark" => Encoding.Unicode.GetBytes(KeyPem),
            "UTF-16, the other way around" => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(KeyPem)],
            "two keys" => Utf8($"{KeyPem}\n{EncryptedPem}\n"),
            "a public key" => Utf8(Key.ExportSubjectPublicKeyInfoPem()),
            "a public key in DER" => Key.ExportSubjectPublicKeyInfo(),
            "JSON" => Utf8("""{"kty":"RSA"}"""),
            "a cut off key" => Utf8(KeyPem[..^40]),
            "a damaged key" => Utf8(KeyPem.Replace(KeyPem.Split('\n')[3], KeyPem.Split('\n')[4], StringComparison.Ordinal)),
            "damaged DER" => Key.ExportPkcs8PrivateKey()[..^100],
            "noise in DER" => [0x30, 0x03, 0x01, 0x01, 0xFF],
            "OpenSSH" => Utf8("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"),
            "DSA" => Utf8("-----BEGIN DSA PRIVATE KEY-----\nMAMCAQA=\n-----END DSA PRIVATE KEY-----\n"),
            "Ed25519" => Utf8(
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n"
            ), // RFC 8410, section 10.3
            "the old encryption of OpenSSL" => Utf8(TraditionallyEncrypted),
            "scrypt" => Utf8(ByScrypt),
            "Camellia" => Utf8(ByCamellia),
            "words" => Utf8("changeme"),
            "too much" => new byte[(256 * 1024) + 1],
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };

    /// <summary>What is wrong with a file that an option names; null when it is usable.</summary>
    public static string? FindFault(string setting, string path, string? password)
    {
        string certificate = path + ".crt";
        File.WriteAllText(certificate, CertificatePem);
        return setting switch
        {
            "SigningKeyPath" => KeyFiles.FindSigningKeyFault(new() { SigningKeyPath = path, SigningKeyPassword = password }),
            "DecryptionKeyPath" => KeyFiles.FindDecryptionKeyFault(new() { DecryptionKeyPath = path, DecryptionKeyPassword = password }),
            _ => ClientCertificates.FindFault(
                new()
                {
                    CertificatePath = certificate,
                    CertificateKeyPath = path,
                    CertificatePassword = password,
                }
            ),
        };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static X509Certificate2 CreateCertificate(RSA key) =>
        new CertificateRequest("CN=api", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            TestAuthority.NotBefore,
            TestAuthority.NotAfter
        );
}
