using System.Security.Cryptography;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Jose;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>Signed responses that are also encrypted for this API (RFC 9701, section 5).</summary>
public sealed class EncryptedResponseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-");
    private readonly RSA _rsa = RsaKeys.CreateFirst();
    private readonly RSA _other = RsaKeys.CreateOther();

    private string KeyFile => Path.Combine(_folder.FullName, "decrypt.pem");

    public void Dispose()
    {
        _rsa.Dispose();
        _other.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_response_that_is_signed_and_encrypted_is_accepted()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [MemberData(nameof(JweTests.Algorithms), MemberType = typeof(JweTests))]
    public async Task Every_pair_of_algorithms_is_accepted_unless_DecryptionAlgorithms_names_others(string alg, string enc)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.EncryptBy(alg, enc, server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("token"));

        foreach ((string otherAlg, string otherEnc) in ((string, string)[])[(alg, Other(enc)), (Other(alg), enc), (Other(alg), Other(enc))])
        {
            await using DiscoveryApi other = await StartAsync(
                server,
                options =>
                {
                    options.DecryptionAlgorithms.Add(otherAlg);
                    options.DecryptionAlgorithms.Add(otherEnc);
                }
            );
            Assert.Equal(503, await other.GetAsync("token"));
            Assert.Contains("it is encrypted by an algorithm that DecryptionAlgorithms does not name", other.Log, StringComparison.Ordinal);
        }

        static string Other(string name) =>
            name switch
            {
                "RSA-OAEP" => "RSA-OAEP-256",
                "RSA-OAEP-256" => "RSA-OAEP",
                "A256GCM" => "A128GCM",
                _ => "A256GCM",
            };
    }

    [Fact]
    public async Task A_response_that_is_only_signed_is_accepted_too()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData("plain JSON inside", "it is not a JWT that is signed")]
    [InlineData("not signed inside", "it is not a JWT that is signed")]
    [InlineData("signed by another", "none of the server's keys verifies its signature")]
    [InlineData("encrypted twice", "it is not a JWT that is signed")]
    [InlineData("for another key", "it cannot be decrypted")]
    [InlineData("another padding", "it cannot be decrypted")]
    [InlineData("changed", "it cannot be decrypted")]
    [InlineData("another algorithm", "it is not a JWT that is encrypted by an algorithm that is supported")]
    [InlineData("compressed", "it is not a JWT that is encrypted by an algorithm that is supported")]
    [InlineData("without cty", "its cty is not JWT")]
    [InlineData("another cty", "its cty is not JWT")]
    public async Task An_invalid_encrypted_response_is_unusable(string what, string fault)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string signed = server.Create().ToString();
        SignedResponse unsigned = server.Create(),
            foreign = server.Create(ServerKey.Ec());
        (unsigned.Header["alg"], unsigned.Signature) = ("none", "");
        string sound = JweBuilder.Encrypt(signed, _rsa);
        server.RespondWith(
            what switch
            {
                "plain JSON inside" => JweBuilder.Encrypt("""{"active":true,"scope":"read"}""", _rsa),
                "not signed inside" => JweBuilder.Encrypt(unsigned.ToString(), _rsa),
                "signed by another" => JweBuilder.Encrypt(foreign.ToString(), _rsa),
                "encrypted twice" => JweBuilder.Encrypt(sound, _rsa),
                "for another key" => JweBuilder.Encrypt(signed, _other),
                "another padding" => JweBuilder.Encrypt(signed, _rsa, padding: RSAEncryptionPadding.OaepSHA1),
                "changed" => sound[..^2] + (sound[^2] == 'A' ? 'B' : 'A') + 'A',
                "another algorithm" => JweBuilder.Encrypt(
                    signed,
                    _rsa,
                    """{"alg":"RSA1_5","enc":"A256GCM","cty":"JWT"}""",
                    RSAEncryptionPadding.Pkcs1
                ),
                "compressed" => JweBuilder.Encrypt(signed, _rsa, """{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":"DEF","cty":"JWT"}"""),
                "without cty" => JweBuilder.Encrypt(signed, _rsa, """{"alg":"RSA-OAEP-256","enc":"A256GCM"}"""),
                _ => JweBuilder.Encrypt(signed, _rsa, """{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"json"}"""),
            }
        );
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Equal(2, server.Introspections);
        Assert.Contains(fault, api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_an_encrypted_response_is_unusable()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Contains("it is encrypted, but DecryptionKeyPath is not set", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encrypted_key_file_is_accepted()
    {
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);
        await File.WriteAllTextAsync(KeyFile, _rsa.ExportEncryptedPkcs8PrivateKeyPem("password", encryption));
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await server.StartApiAsync(options =>
        {
            options.DecryptionKeyPath = KeyFile;
            options.DecryptionKeyPassword = "password";
        });

        Assert.Equal(200, await api.GetAsync("one"));
    }

    [Fact]
    public async Task A_changed_key_file_is_picked_up_and_a_broken_one_keeps_the_previous_key()
    {
        await File.WriteAllTextAsync(KeyFile, _rsa.ExportPkcs8PrivateKeyPem());
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await server.StartApiAsync(options => options.DecryptionKeyPath = KeyFile);
        Assert.Equal(200, await api.GetAsync("one"));

        await File.WriteAllTextAsync(KeyFile, "broken");
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(1, api.Signal.Count("DecryptionKeyNotReplaced"));

        await File.WriteAllTextAsync(KeyFile, _other.ExportRSAPrivateKeyPem());
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(503, await api.GetAsync("three"));
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _other));
        Assert.Equal(200, await api.GetAsync("three"));
    }

    [Fact]
    public async Task A_key_file_that_is_missing_at_the_first_response_yields_503_until_it_returns()
    {
        await File.WriteAllTextAsync(KeyFile, _rsa.ExportPkcs8PrivateKeyPem());
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(JweBuilder.Encrypt(server.Create().ToString(), _rsa));
        await using DiscoveryApi api = await server.StartApiAsync(options => options.DecryptionKeyPath = KeyFile);

        File.Delete(KeyFile);
        Assert.Equal(503, await api.GetAsync("token"));
        await File.WriteAllTextAsync(KeyFile, _rsa.ExportPkcs8PrivateKeyPem());
        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Contains("DecryptionKeyPath does not lead to a usable key", api.Log, StringComparison.Ordinal);
    }

    private Task<DiscoveryApi> StartAsync(SignedServer server, Action<OAuthIntrospectionOptions>? configure = null) =>
        server.StartApiAsync(options =>
        {
            options.DecryptionKey = ClientDecryptionKey.FromPem(_rsa.ExportPkcs8PrivateKeyPem());
            configure?.Invoke(options);
        });
}
