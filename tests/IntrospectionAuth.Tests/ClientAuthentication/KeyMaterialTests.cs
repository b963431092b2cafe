using IntrospectionAuth.ClientAuthentication;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>
/// Every option that names a file with a private key takes the forms that files in the field have, and says truly why it does not take
/// another.
/// </summary>
public sealed class KeyMaterialTests : IDisposable
{
    private static readonly string[] s_settings = ["SigningKeyPath", "DecryptionKeyPath", "CertificateKeyPath"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("key-material");

    public static TheoryData<string, string> UsableForms =>
        Combine(
            "PKCS #8",
            "PKCS #1",
            "a byte order mark",
            "CRLF",
            "text around it",
            "certificates before it",
            "certificates behind it",
            "its public key beside it",
            "encrypted",
            "DER",
            "DER, PKCS #1",
            "DER, encrypted",
            "DER with a line end"
        );

    public static TheoryData<string, string, string> UnusableForms
    {
        get
        {
            (string Form, string Reason)[] forms =
            [
                ("nothing", "the file is empty"),
                ("blanks", "its content is empty"),
                ("UTF-16 with a mark", "its content is UTF-16 text. Save it as UTF-8 or ASCII"),
                ("UTF-16 without a mark", "its content is UTF-16 text"),
                ("UTF-16, the other way around", "its content is UTF-16 text"),
                ("two keys", "its content has 2 private keys; it must have exactly one"),
                ("a public key", "its content is a public key"),
                ("a public key in DER", "its content is a public key"),
                ("JSON", "its content is JSON, not a private key in PEM"),
                ("a cut off key", "its content is a private key that is damaged or truncated"),
                ("a damaged key", "its content is damaged"),
                ("damaged DER", "its content is damaged"),
                ("noise in DER", "its content is not a private key in PEM or DER"),
                ("OpenSSH", "its content is a key in OpenSSH format. Convert it with ssh-keygen -p -m PKCS8"),
                ("DSA", "its content is neither an RSA nor an EC key"),
                ("Ed25519", "its content is damaged, or neither an RSA nor an EC key"),
                (
                    "the old encryption of OpenSSL",
                    "its content is encrypted in the legacy OpenSSL format (Proc-Type). Convert it with openssl pkcs8 -topk8"
                ),
                (
                    "scrypt",
                    "its content is encrypted with an unsupported algorithm (1.3.6.1.4.1.11591.4.11). Convert it with openssl pkcs8 -topk8"
                ),
                ("Camellia", "its content is encrypted with an unsupported algorithm (1.2.392.200011.61.1.1.1.4)"),
                ("words", "its content is not a private key in PEM (-----BEGIN PRIVATE KEY-----)"),
                ("too much", "the file is longer than 256 KiB"),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (string setting in s_settings)
            {
                foreach ((string form, string reason) in forms)
                    data.Add(setting, form, reason);
            }

            return data;
        }
    }

    public static TheoryData<string> Settings => [.. s_settings];

    private string KeyFile => Path.Combine(_folder.FullName, "key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(UsableForms))]
    public async Task A_file_with_one_private_key_is_accepted(string setting, string form)
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Usable(form));

        Assert.Null(
            KeyMaterial.FindFault(setting, KeyFile, form.Contains("encrypted", StringComparison.Ordinal) ? KeyMaterial.Password : null)
        );
    }

    [Theory]
    [MemberData(nameof(UnusableForms))]
    public async Task A_file_without_a_usable_key_is_rejected_with_the_actual_reason(string setting, string form, string reason)
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Unusable(form));

        string? fault = KeyMaterial.FindFault(setting, KeyFile, "password");

        Assert.StartsWith($"{setting} does not lead to a usable key: {reason}", fault, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_missing_and_a_wrong_password_have_different_messages_without_the_password(string setting)
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Usable("encrypted"));
        string option = setting switch
        {
            "CertificateKeyPath" => "CertificatePassword",
            _ => setting.Replace("Path", "Password", StringComparison.Ordinal),
        };

        string? missing = KeyMaterial.FindFault(setting, KeyFile, password: null),
            empty = KeyMaterial.FindFault(setting, KeyFile, ""),
            wrong = KeyMaterial.FindFault(setting, KeyFile, "wrong-and-secret");

        Assert.Equal($"{setting} does not lead to a usable key: its content is encrypted, and {option} is not set", missing);
        Assert.Equal(missing, empty);
        Assert.StartsWith(
            $"{setting} does not lead to a usable key: its content is encrypted, and {option} does not open it",
            wrong,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("wrong-and-secret", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_certificate_or_a_PKCS_12_file_in_place_of_a_key_has_its_own_message(string setting)
    {
        await File.WriteAllTextAsync(KeyFile, KeyMaterial.CertificatePem);
        Assert.Equal(
            $"{setting} does not lead to a usable key: its content is a certificate without its private key",
            KeyMaterial.FindFault(setting, KeyFile, password: null)
        );

        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Certificate.RawData);
        Assert.Equal(
            $"{setting} does not lead to a usable key: its content is a certificate without its private key",
            KeyMaterial.FindFault(setting, KeyFile, password: null)
        );

        await File.WriteAllBytesAsync(
            KeyFile,
            KeyMaterial.Certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12)
        );
        Assert.Equal(
            $"{setting} does not lead to a usable key: its content is a PKCS #12 file, not a private key in PEM or DER",
            KeyMaterial.FindFault(setting, KeyFile, password: null)
        );
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task An_unneeded_password_is_ignored(string setting)
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Usable("PKCS #8"));

        Assert.Null(KeyMaterial.FindFault(setting, KeyFile, KeyMaterial.Password));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_missing_file_and_a_folder_have_their_own_messages(string setting)
    {
        Assert.Equal(
            $"{setting} does not lead to a usable key: there is no such file",
            KeyMaterial.FindFault(setting, KeyFile, password: null)
        );

        Directory.CreateDirectory(KeyFile);
        Assert.Equal($"{setting} does not lead to a usable key: it is a folder", KeyMaterial.FindFault(setting, KeyFile, password: null));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS512")]
    public async Task An_RSA_key_goes_with_each_of_its_algorithms(string algorithm)
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Usable("PKCS #8"));

        Assert.Null(KeyFiles.FindSigningKeyFault(new() { SigningKeyPath = KeyFile, SigningAlgorithm = algorithm }));
    }

    [Fact]
    public void The_private_key_of_a_certificate_decrypts() =>
        Assert.True(ClientDecryptionKey.FromCertificate(KeyMaterial.Certificate).Key.IsPrivate);

    [Fact]
    public async Task The_decryption_key_of_a_call_is_read_from_the_file_of_its_options()
    {
        await File.WriteAllBytesAsync(KeyFile, KeyMaterial.Usable("encrypted"));
        using var request = new HttpRequestMessage();
        var options = new OAuthIntrospectionOptions { DecryptionKeyPath = KeyFile, DecryptionKeyPassword = KeyMaterial.Password };
        var context = new ClientAuthenticationContext
        {
            IntrospectionScheme = new IntrospectionScheme("api", options),
            Request = request,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
            CancellationToken = CancellationToken.None,
        };

        ClientDecryptionKey key = await new KeyFiles(NullLogger<KeyFiles>.Instance).GetDecryptionKeyAsync(context);

        Assert.True(key.Key.IsPrivate);
    }

    private static TheoryData<string, string> Combine(params string[] forms)
    {
        var data = new TheoryData<string, string>();
        foreach (string setting in s_settings)
        {
            foreach (string form in forms)
                data.Add(setting, form);
        }

        return data;
    }
}
