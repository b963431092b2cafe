using System.Net;
using System.Security.Cryptography;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Jose;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>A key in a file, selected by configuration, that is replaced while the application runs.</summary>
public sealed class SigningKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-");
    private readonly ManualTimeProvider _time = new();
    private readonly ECDsa _old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _new = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string KeyFile => Path.Combine(_folder.FullName, "client.pem");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Configuration_alone_selects_the_method_and_the_key()
    {
        await WriteAsync(_old);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, ("SigningKeyId", "2026-01"), ("SigningAlgorithm", "ES256"));

        Assertion assertion = await CaptureAssertionAsync(api, _old);

        Assert.Equal("""{"alg":"ES256","typ":"JWT","kid":"2026-01"}""", assertion.Header.ToJsonString());
    }

    [Fact]
    public async Task A_new_key_is_used_within_five_seconds_without_a_restart()
    {
        await WriteAsync(_old);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server);
        await CaptureAssertionAsync(api, _old);

        await WriteAsync(_new);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        await CaptureAssertionAsync(api, _old);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await CaptureAssertionAsync(api, _new);

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_new_key_behind_an_unchanged_link_is_used_too()
    {
        // How orchestrators mount secrets: the file is a link into a folder, and the folder is what is swapped.
        foreach ((string version, ECDsa key) in new[] { ("1", _old), ("2", _new) })
        {
            await File.WriteAllTextAsync(
                Path.Combine(_folder.CreateSubdirectory(version).FullName, "client.pem"),
                key.ExportPkcs8PrivateKeyPem()
            );
        }

        string current = Path.Combine(_folder.FullName, "current");
        Directory.CreateSymbolicLink(current, "1");
        File.CreateSymbolicLink(KeyFile, Path.Combine("current", "client.pem"));
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server);
        await CaptureAssertionAsync(api, _old);

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "2");
        _time.Advance(TimeSpan.FromSeconds(5));

        await CaptureAssertionAsync(api, _new);
    }

    [Fact]
    public async Task An_encrypted_key_signs_and_its_password_is_never_logged()
    {
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);
        await File.WriteAllTextAsync(KeyFile, _old.ExportEncryptedPkcs8PrivateKeyPem(KeyMaterial.Password, encryption));
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, ("SigningKeyPassword", KeyMaterial.Password));
        await CaptureAssertionAsync(api, _old);

        await File.WriteAllTextAsync(KeyFile, _new.ExportEncryptedPkcs8PrivateKeyPem("another", encryption));
        _time.Advance(TimeSpan.FromSeconds(5));
        await CaptureAssertionAsync(api, _old);
        await File.WriteAllTextAsync(KeyFile, _new.ExportEncryptedPkcs8PrivateKeyPem(KeyMaterial.Password, encryption));
        _time.Advance(TimeSpan.FromSeconds(5));
        await CaptureAssertionAsync(api, _new);

        LogEntry error = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Contains("its content is encrypted, and SigningKeyPassword does not open it", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(KeyMaterial.Password, api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "the file is empty")]
    [InlineData("garbage", "its content is a private key that is damaged or truncated")]
    [InlineData("small", "its content is an RSA key of 1024 bits")]
    [InlineData("public", "its content is a public key")]
    [InlineData("rsa", "the key cannot sign by SigningAlgorithm. It goes with RS256, RS384, RS512, PS256, PS384, PS512")]
    [InlineData("missing", "there is no such file")]
    public async Task An_unusable_new_file_leaves_the_previous_key_in_use_with_one_Error(string kind, string fault)
    {
        await WriteAsync(_old);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, ("SigningAlgorithm", "ES256"));
        await CaptureAssertionAsync(api, _old);

        await BreakAsync(kind);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await CaptureAssertionAsync(api, _old);
        }

        LogEntry error = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal(("SigningKeyNotReplaced", LogLevel.Error), (error.Event.Name, error.Level));
        Assert.Contains(fault, error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", error.Text, StringComparison.Ordinal);

        await WriteAsync(_new);
        _time.Advance(TimeSpan.FromSeconds(5));
        await CaptureAssertionAsync(api, _new);
    }

    [Theory]
    [InlineData("empty", "SigningKeyPath does not lead to a usable key: the file is empty")]
    [InlineData("small", "SigningKeyPath does not lead to a usable key: its content is an RSA key of 1024 bits")]
    [InlineData(
        "rsa",
        "SigningKeyPath does not lead to a usable key: the key cannot sign by SigningAlgorithm. It goes with RS256, RS384, "
            + "RS512, PS256, PS384, PS512"
    )]
    [InlineData("missing", "SigningKeyPath does not lead to a usable key: there is no such file")]
    [InlineData("folder", "SigningKeyPath does not lead to a usable key: it is a folder")]
    [InlineData("unset", "SigningKeyPath is not set")]
    public async Task Without_a_usable_key_the_application_does_not_start(string kind, string fault)
    {
        await BreakAsync(kind);
        await using FakeAuthorizationServer server = CreateServer();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(server, ("SigningAlgorithm", "ES256"), ("SigningKeyPath", kind == "unset" ? null : KeyFile))
        );

        string failure = Assert.Single(exception.Failures);
        Assert.StartsWith("Scheme OAuthIntrospection: " + fault, failure, StringComparison.Ordinal);
        Assert.Contains(". Set SigningKeyPath to a ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_missing_at_the_first_call_yields_503_until_it_is_back()
    {
        await WriteAsync(_old);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server);

        File.Delete(KeyFile);
        using HttpResponseMessage response = await api.GetAsync("/me", "first");
        await WriteAsync(_new);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "ClientAuthenticationFailed");
        await CaptureAssertionAsync(api, _new);
    }

    [Fact]
    public async Task Concurrent_requests_read_the_file_without_conflicts()
    {
        await WriteAsync(_old);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => api.GetAsync("/me", $"token-{i}")));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(40, server.Calls.Select(call => Assertion.Verify(call, Public(_old)).Text).Distinct(StringComparer.Ordinal).Count());
    }

    private static EcJoseKey Public(ECDsa key) => EcJoseKey.Create(key, isPrivate: false)!;

    private static FakeAuthorizationServer CreateServer()
    {
        var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""");
        return server;
    }

    private Task<TestApi> StartAsync(FakeAuthorizationServer server, params (string Key, string? Value)[] settings) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                    configuration.AddInMemoryCollection(
                        settings
                            .Concat([
                                ("ClientAuthenticationMethod", "private_key_jwt"),
                                ("ClientId", "api"),
                                ("Authority", "https://auth.example.com"),
                                ("SigningKeyPath", KeyFile),
                            ])
                            .DistinctBy(setting => setting.Item1, StringComparer.Ordinal)
                            .Select(setting =>
                                KeyValuePair.Create("Authentication:Schemes:OAuthIntrospection:" + setting.Item1, setting.Item2)
                            )
                    ),
                Time = _time,
            }
        );

    /// <summary>Introspects a new token, and verifies the assertion.</summary>
    private static async Task<Assertion> CaptureAssertionAsync(TestApi api, ECDsa key)
    {
        using HttpResponseMessage response = await api.GetAsync("/me", $"token-{Guid.NewGuid()}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Assertion.Verify(api.Server.Calls[^1], Public(key));
    }

    private Task WriteAsync(ECDsa key) => File.WriteAllTextAsync(KeyFile, key.ExportPkcs8PrivateKeyPem());

    private async Task BreakAsync(string kind)
    {
        using var rsa = RsaKeys.CreateFirst();
        using var small = RSA.Create(1024);
        File.Delete(KeyFile);
        if (kind == "folder")
        {
            Directory.CreateDirectory(KeyFile);
        }
        else if (kind is not ("missing" or "unset"))
        {
            await File.WriteAllTextAsync(
                KeyFile,
                kind switch
                {
                    "garbage" => "-----BEGIN PRIVATE KEY-----\nMII",
                    "small" => small.ExportPkcs8PrivateKeyPem(),
                    "public" => _new.ExportSubjectPublicKeyInfoPem(),
                    "rsa" => rsa.ExportPkcs8PrivateKeyPem(),
                    _ => "",
                }
            );
        }
    }
}
