using System.Security.Cryptography;
using IntrospectionAuth.Tests.Jose;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>Signed responses in configuration, and their faults at startup.</summary>
public sealed class SignedResponseConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-");

    private string KeyFile => Path.Combine(_folder.FullName, "decrypt.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_settings_are_read()
    {
        WriteKey("rsa");

        OAuthIntrospectionOptions options = Read(
            ("Authority", "https://auth.example.com"),
            ("RequireSignedResponse", "true"),
            ("SignedResponseAudience", "https://api.example.com"),
            ("DecryptionKeyPath", KeyFile),
            ("SignedResponseAlgorithms:0", "ES256"),
            ("SignedResponseAlgorithms:1", "PS512"),
            ("DecryptionAlgorithms:0", "RSA-OAEP-256"),
            ("DecryptionAlgorithms:1", "A128CBC-HS256")
        );

        Assert.True(options.RequireSignedResponse);
        Assert.Equal(("https://api.example.com", KeyFile), (options.SignedResponseAudience, options.DecryptionKeyPath));
        Assert.Equal(["ES256", "PS512"], options.SignedResponseAlgorithms);
        Assert.Equal(["RSA-OAEP-256", "A128CBC-HS256"], options.DecryptionAlgorithms);
    }

    [Theory]
    [InlineData(
        "RequireSignedResponse is set without Authority",
        "IntrospectionEndpoint=https://auth.example.com/introspect",
        "RequireSignedResponse=true"
    )]
    [InlineData(
        "Authority is plain http",
        "Authority=http://auth.example.com",
        "IntrospectionEndpoint=https://auth.example.com/introspect",
        "RequireSignedResponse=true"
    )]
    [InlineData(
        "Authority has a query",
        "Authority=https://auth.example.com?x=y",
        "IntrospectionEndpoint=https://auth.example.com/introspect",
        "RequireSignedResponse=true"
    )]
    [InlineData(
        "RequireSignedResponse is set without ClientId",
        "Authority=https://auth.example.com",
        "ClientId=",
        "ClientAuthenticationMethod=presented_token",
        "RequireSignedResponse=true"
    )]
    [InlineData(
        "A key for decryption is set, but only signed responses are encrypted",
        "Authority=https://auth.example.com",
        "DecryptionKeyPath=decrypt.pem"
    )]
    [InlineData(
        "SignedResponseAudience is set, but no signed responses are required",
        "Authority=https://auth.example.com",
        "SignedResponseAudience=api"
    )]
    [InlineData(
        "SignedResponseAlgorithms or DecryptionAlgorithms is set, but no signed responses are required",
        "Authority=https://auth.example.com",
        "SignedResponseAlgorithms=ES256"
    )]
    [InlineData(
        "SignedResponseAlgorithms or DecryptionAlgorithms is set, but no signed responses are required",
        "Authority=https://auth.example.com",
        "DecryptionAlgorithms=A256GCM"
    )]
    [InlineData(
        "SignedResponseAlgorithms has a value that is not an algorithm for signed responses",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "SignedResponseAlgorithms=HS256"
    )]
    [InlineData(
        "SignedResponseAlgorithms has a value that is not an algorithm for signed responses",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "SignedResponseAlgorithms=none"
    )]
    [InlineData(
        "SignedResponseAlgorithms has a value that is not an algorithm for signed responses",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "SignedResponseAlgorithms=es256"
    )]
    [InlineData(
        "DecryptionAlgorithms needs one of RSA-OAEP, RSA-OAEP-256 and one of A128CBC-HS256",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "DecryptionAlgorithms=A256GCM"
    )]
    [InlineData(
        "DecryptionAlgorithms needs one of RSA-OAEP, RSA-OAEP-256 and one of A128CBC-HS256",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "DecryptionAlgorithms=RSA1_5"
    )]
    [InlineData(
        "DecryptionAlgorithms is set without a key for decryption",
        "Authority=https://auth.example.com",
        "RequireSignedResponse=true",
        "DecryptionAlgorithms:0=RSA-OAEP",
        "DecryptionAlgorithms:1=A256GCM"
    )]
    [InlineData("RequireSignedResponse is not true or false", "Authority=https://auth.example.com", "RequireSignedResponse=yes")]
    public void Invalid_options_are_reported_at_startup(string fault, params string[] settings)
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read([.. settings.Select(setting => (setting.Split('=', 2)[0], (string?)setting.Split('=', 2)[1]))])
        );

        Assert.Contains(exception.Failures, failure => failure.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing", "there is no such file")]
    [InlineData("garbage", "its content is a private key that is damaged or truncated")]
    [InlineData("public", "its content is a public key")]
    [InlineData("small", "its content is an RSA key of 1024 bits")]
    [InlineData("ec", "its content is not an RSA key")]
    public void The_application_does_not_start_without_a_usable_decryption_key(string kind, string fault)
    {
        WriteKey(kind);

        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read(("Authority", "https://auth.example.com"), ("RequireSignedResponse", "true"), ("DecryptionKeyPath", KeyFile))
        );

        Assert.StartsWith(
            "Scheme OAuthIntrospection: DecryptionKeyPath does not lead to a usable key: " + fault,
            Assert.Single(exception.Failures),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ". Set DecryptionKeyPath to a file that this process may read, with one private RSA key of 2048 to 8192 bits in "
                + "PEM or DER, and DecryptionKeyPassword if the key is encrypted.",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("MII", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_decryption_key_can_be_set()
    {
        using var rsa = RsaKeys.CreateFirst();
        WriteKey("rsa");

        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read(
                options => options.DecryptionKey = ClientDecryptionKey.FromPem(rsa.ExportPkcs8PrivateKeyPem()),
                ("Authority", "https://auth.example.com"),
                ("RequireSignedResponse", "true"),
                ("DecryptionKeyPath", KeyFile)
            )
        );

        Assert.Contains("DecryptionKey and DecryptionKeyPath are both set", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static OAuthIntrospectionOptions Read(params (string Key, string? Value)[] settings) => Read(static _ => { }, settings);

    private static OAuthIntrospectionOptions Read(
        Action<OAuthIntrospectionOptions> configure,
        params (string Key, string? Value)[] settings
    )
    {
        (string Key, string? Value)[] all =
        [
            .. settings,
            .. new (string, string?)[] { ("ClientId", "api"), ("ClientAuthenticationMethod", "none") },
        ];
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    all.DistinctBy(setting => setting.Key, StringComparer.Ordinal)
                        .Select(setting => KeyValuePair.Create("Authentication:Schemes:OAuthIntrospection:" + setting.Key, setting.Value))
                )
                .Build()
        );
        services.AddAuthentication().AddOAuthIntrospection(configure);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get("OAuthIntrospection");
    }

    private void WriteKey(string kind)
    {
        using var rsa = RsaKeys.CreateFirst();
        using var small = RSA.Create(1024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (kind != "missing")
        {
            File.WriteAllText(
                KeyFile,
                kind switch
                {
                    "rsa" => rsa.ExportPkcs8PrivateKeyPem(),
                    "public" => rsa.ExportSubjectPublicKeyInfoPem(),
                    "small" => small.ExportPkcs8PrivateKeyPem(),
                    "ec" => ec.ExportPkcs8PrivateKeyPem(),
                    _ => "-----BEGIN PRIVATE KEY-----\nMII",
                }
            );
        }
    }
}
