using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>This API presents a certificate in the TLS handshake (RFC 8705, section 2), over a real socket.</summary>
public sealed class TlsClientAuthTests : IDisposable
{
    private const string Password = "the-password-that-must-not-leak";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls-client-auth");

    public static TheoryData<string, Action<OAuthIntrospectionOptions>, string> Faults =>
        new()
        {
            {
                "no certificate",
                options => (options.CertificatePath, options.CertificatePassword) = (null, null),
                "CertificatePath is not set"
            },
            {
                "no file",
                options => options.CertificatePath = "/nowhere/api.p12",
                "CertificatePath does not lead to a usable certificate: there is no such file. Set CertificatePath to a file"
            },
            {
                "a wrong password",
                options => options.CertificatePassword = "wrong",
                "CertificatePath does not lead to a usable certificate: its content is a PKCS #12 file that "
                    + "CertificatePassword does not open"
            },
            {
                "no password",
                options => options.CertificatePassword = null,
                "its content is a PKCS #12 file with a password, and CertificatePassword is not set"
            },
            {
                "a key beside it",
                options => options.CertificateKeyPath = options.CertificatePath,
                "CertificatePath does not lead to a usable certificate: its content is a PKCS #12 file, which has its own "
                    + "private key. Remove CertificateKeyPath"
            },
            {
                "a missing key",
                options => options.CertificateKeyPath = "/nowhere/api.key",
                "CertificateKeyPath does not lead to a usable key: there is no such file"
            },
            {
                "a chain without its certificate",
                options => options.ClientCertificateChain = [CertificateServer.CreateCertificate("issuer")],
                "ClientCertificateChain is set, but ClientCertificate is not"
            },
            { "no client id", options => options.ClientId = null, "ClientId is not set" },
            { "a secret", options => options.ClientSecret = "secret", "ClientSecret is set" },
            {
                "plain http",
                options => options.IntrospectionEndpoint = "http://localhost/introspect",
                "IntrospectionEndpoint is plain http"
            },
            {
                "another method",
                options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken,
                "A client certificate is set, but the client authentication method presented_token never shows it"
            },
            {
                "both",
                options => options.ClientCertificate = CertificateServer.CreateCertificate("api"),
                "ClientCertificate and CertificatePath are both set"
            },
            {
                "no key",
                options =>
                {
                    (options.CertificatePath, options.CertificatePassword) = (null, null);
                    options.ClientCertificate = X509CertificateLoader.LoadCertificate(
                        CertificateServer.CreateCertificate("api").Export(X509ContentType.Cert)
                    );
                },
                "ClientCertificate has no private key"
            },
        };

    [Theory]
    [InlineData("tls_client_auth")]
    [InlineData("self_signed_tls_client_auth")]
    public async Task The_certificate_of_a_file_is_presented_and_the_client_id_is_sent(string method)
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, string thumbprint) = Write("api");
        await using DiscoveryApi api = await StartAsync(configuration: settings =>
        {
            settings["IntrospectionEndpoint"] = server.Url + "/introspect";
            settings["ClientId"] = "api";
            settings["ClientAuthenticationMethod"] = method;
            settings["CertificatePath"] = path;
            settings["CertificatePassword"] = Password;
        });

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal([("/introspect", thumbprint, "client_id=api&token_type_hint=access_token")], server.Calls);
        Assert.DoesNotContain(Password, api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_in_code_is_presented_at_the_mtls_alias()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
        await using DiscoveryApi api = await StartAsync(options =>
        {
            options.Authority = server.Url;
            options.ClientId = "api";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.SelfSignedTlsClientAuth;
            options.ClientCertificate = certificate;
        });

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal([("/mtls", certificate.Thumbprint, "client_id=api&token_type_hint=access_token")], server.Calls);
    }

    [Fact]
    public async Task Another_method_presents_no_certificate_and_does_not_use_the_alias()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(options =>
        {
            options.Authority = server.Url;
            options.ClientId = "api";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.None;
        });

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal([("/introspect", null, "client_id=api&token_type_hint=access_token")], server.Calls);
    }

    [Fact]
    public async Task A_changed_file_is_picked_up_within_five_seconds_without_a_restart()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, string before) = Write("before");
        await using DiscoveryApi api = await StartAsync(
            options => Use(options, server, path),
            handler => handler.PooledConnectionLifetime = TimeSpan.Zero
        );
        Assert.Equal(200, await api.GetAsync("one"));
        Assert.Equal(200, await api.GetAsync("two"));

        (_, string after) = Write("after");
        api.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(200, await api.GetAsync("three"));
        api.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(200, await api.GetAsync("four"));

        Assert.NotEqual(before, after);
        Assert.Equal([before, before, before, after], server.Calls.Select(call => call.Thumbprint));
    }

    [Fact]
    public async Task A_new_file_behind_an_unchanged_link_is_used_too()
    {
        // How orchestrators mount secrets: the file is a link into a folder, and the folder is what is swapped.
        await using CertificateServer server = await CertificateServer.StartAsync();
        string current = Path.Combine(_folder.FullName, "current"),
            link = Path.Combine(_folder.FullName, "link.p12");
        var thumbprints = new List<string>();
        foreach (string version in (string[])["1", "2"])
        {
            (string path, string thumbprint) = Write(version);
            File.Move(path, Path.Combine(_folder.CreateSubdirectory(version).FullName, "api.p12"));
            thumbprints.Add(thumbprint);
        }

        Directory.CreateSymbolicLink(current, "1");
        File.CreateSymbolicLink(link, Path.Combine("current", "api.p12"));
        await using DiscoveryApi api = await StartAsync(
            options => Use(options, server, link),
            handler => handler.PooledConnectionLifetime = TimeSpan.Zero
        );
        Assert.Equal(200, await api.GetAsync("one"));

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "2");
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal(thumbprints, server.Calls.Select(call => call.Thumbprint));
    }

    [Fact]
    public async Task A_pair_of_mounted_files_is_picked_up_when_their_folder_is_replaced()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        var thumbprints = new List<string>();
        foreach (string version in (string[])["..1", "..2"])
        {
            using X509Certificate2 certificate = CertificateServer.CreateCertificate(version);
            string folder = _folder.CreateSubdirectory(version).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            thumbprints.Add(certificate.Thumbprint);
        }

        string current = Path.Combine(_folder.FullName, "..data"),
            certificates = Path.Combine(_folder.FullName, "tls.crt"),
            key = Path.Combine(_folder.FullName, "tls.key");
        Directory.CreateSymbolicLink(current, "..1");
        foreach (string link in (string[])[certificates, key])
            File.CreateSymbolicLink(link, Path.Combine("..data", Path.GetFileName(link)));
        await using DiscoveryApi api = await StartAsync(configuration: section =>
        {
            section["IntrospectionEndpoint"] = server.Url + "/introspect";
            section["ClientId"] = "api";
            section["ClientAuthenticationMethod"] = "tls_client_auth";
            section["CertificatePath"] = certificates;
            section["CertificateKeyPath"] = key;
        });
        Assert.Equal(200, await api.GetAsync("one"));

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "..2");
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(thumbprints, server.Calls.Select(call => call.Thumbprint));
        Assert.Equal(0, api.Signal.Count("ClientCertificateNotReplaced"));
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("without a key")]
    [InlineData("gone")]
    public async Task An_unusable_new_file_leaves_the_previous_certificate_in_use_with_one_Error(string kind)
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, string before) = Write("before");
        await using DiscoveryApi api = await StartAsync(
            options => Use(options, server, path),
            handler => handler.PooledConnectionLifetime = TimeSpan.Zero
        );
        Assert.Equal(200, await api.GetAsync("one"));

        await BreakAsync(path, kind);
        foreach (string token in (string[])["two", "three"])
        {
            api.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(200, await api.GetAsync(token));
        }

        Assert.Equal(1, api.Signal.Count("ClientCertificateNotReplaced"));
        (_, string after) = Write("after");
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, await api.GetAsync("four"));

        Assert.Equal([before, before, before, after], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal(1, api.Signal.Count("ClientCertificateNotReplaced"));
        Assert.DoesNotContain(Password, api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_yields_503_until_it_exists_again()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("before");
        await using DiscoveryApi api = await StartAsync(
            options => Use(options, server, path),
            handler => handler.PooledConnectionLifetime = TimeSpan.Zero
        );

        File.Delete(path);
        Assert.Equal(503, await api.GetAsync("one"));
        (_, string after) = Write("after");

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal([after], server.Calls.Select(call => call.Thumbprint));
    }

    [Fact]
    public async Task A_certificate_of_the_applications_handler_stays_in_use()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("file");
        using X509Certificate2 own = CertificateServer.CreateCertificate("own");
        await using DiscoveryApi api = await StartAsync(
            options => Use(options, server, path),
            handler => handler.SslOptions.ClientCertificates = [own]
        );

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal([own.Thumbprint], server.Calls.Select(call => call.Thumbprint));

        Write("after"); // which that handler never presents
        server.IsAccepted = static _ => false;
        Assert.Equal(503, await api.GetAsync("another"));
        Assert.Equal(2, server.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Invalid_settings_are_reported_at_startup(string what, Action<OAuthIntrospectionOptions> change, string fault)
    {
        (string path, _) = Write("api");

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
                options.CertificatePath = path;
                options.CertificatePassword = Password;
                change(options);
            })
        );

        Assert.True(exception.Failures.Single().Contains(fault, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.DoesNotContain(Password, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_key_is_reported_at_startup()
    {
        string path = Path.Combine(_folder.FullName, "public.p12");
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        await File.WriteAllBytesAsync(path, withoutKey.Export(X509ContentType.Pkcs12, Password));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
                options.CertificatePath = path;
                options.CertificatePassword = Password;
            })
        );

        Assert.Contains(
            "CertificatePath does not lead to a usable certificate: its content is a PKCS #12 file without a private key",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_reload_with_another_certificate_does_not_wait_for_the_previous_circuit_breaker()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("before");
        string other = Path.Combine(_folder.FullName, "other.p12");
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("after");
        await File.WriteAllBytesAsync(other, certificate.Export(X509ContentType.Pkcs12, Password));
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(
            options =>
            {
                options.IntrospectionEndpoint = server.Url + "/introspect";
                options.Resilience.BreakerMinimumCalls = 2;
            },
            configuration: section =>
            {
                section["ClientId"] = "api";
                section["ClientAuthenticationMethod"] = "tls_client_auth";
                section["CertificatePath"] = path;
                section["CertificatePassword"] = Password;
            },
            manager: it => settings = it
        );
        server.OnCall = static () => throw new InvalidOperationException("Not with this certificate.");
        Assert.Equal((503, 503), (await api.GetAsync("one"), await api.GetAsync("two")));
        Assert.Equal(1, api.Signal.Count("CircuitOpened"));
        server.OnCall = null;

        settings!["Authentication:Schemes:OAuthIntrospection:CertificatePath"] = other;
        ((IConfigurationRoot)settings).Reload();

        Assert.Equal(200, await api.GetAsync("three"));
    }

    [Fact]
    public async Task A_file_that_breaks_between_validation_and_use_does_not_break_the_scheme()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("api");
        IConfigurationManager? settings = null;
        bool isReloading = false;
        int created = 0;
        await using DiscoveryApi api = await StartAsync(
            options =>
            {
                options.IntrospectionEndpoint = server.Url + "/introspect";
                if (isReloading && ++created == 2)
                    File.WriteAllBytes(path, []);
            },
            configuration: section =>
            {
                section["ClientId"] = "before";
                section["ClientAuthenticationMethod"] = "tls_client_auth";
                section["CertificatePath"] = path;
                section["CertificatePassword"] = Password;
            },
            manager: it => settings = it
        );
        Assert.Equal(200, await api.GetAsync("one"));

        settings!["Authentication:Schemes:OAuthIntrospection:ClientId"] = "after";
        isReloading = true;
        ((IConfigurationRoot)settings).Reload();

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.True(created >= 2);
        Assert.Equal("client_id=after&token_type_hint=access_token", server.Calls.Last().Form);
    }

    [Fact]
    public async Task A_file_that_was_never_usable_does_not_open_the_circuit()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("api");
        await using DiscoveryApi api = await StartAsync(options =>
        {
            Use(options, server, path);
            options.Resilience.BreakerMinimumCalls = 2;
        });
        File.Delete(path);

        Assert.Equal((503, 503, 503), (await api.GetAsync("one"), await api.GetAsync("two"), await api.GetAsync("three")));

        Assert.Equal(0, api.Signal.Count("CircuitOpened"));
        Assert.Contains("CertificatePath does not lead to a usable certificate: there is no such file.", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_with_another_method_presents_the_certificate_without_a_restart()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, string thumbprint) = Write("api");
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(
            options => options.IntrospectionEndpoint = server.Url + "/introspect",
            configuration: section =>
            {
                section["ClientId"] = "api";
                section["ClientAuthenticationMethod"] = "none";
            },
            manager: it => settings = it
        );
        Assert.Equal(200, await api.GetAsync("one"));

        foreach (
            (string key, string? value) in (IEnumerable<(string, string?)>)
                [("ClientAuthenticationMethod", "tls_client_auth"), ("CertificatePath", path), ("CertificatePassword", Password)]
        )
        {
            settings!["Authentication:Schemes:OAuthIntrospection:" + key] = value;
        }

        ((IConfigurationRoot)settings!).Reload();
        Assert.Equal(200, await api.GetAsync("two"));
        foreach (
            (string key, string? value) in (IEnumerable<(string, string?)>)
                [("ClientAuthenticationMethod", "none"), ("CertificatePath", null), ("CertificatePassword", null)]
        )
        {
            settings["Authentication:Schemes:OAuthIntrospection:" + key] = value;
        }

        ((IConfigurationRoot)settings).Reload();
        Assert.Equal(200, await api.GetAsync("three"));

        Assert.Equal([null, thumbprint, null], server.Calls.Select(call => call.Thumbprint));
    }

    [Theory]
    [InlineData(-20, -10)]
    [InlineData(10, 20)]
    public async Task An_expired_or_future_certificate_is_presented_and_logged_at_most_once_an_hour(int firstDay, int lastDay)
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using var authority = new TestAuthority();
        DateTimeOffset now = Support.ManualTimeProvider.Start;
        using X509Certificate2 certificate = authority.Issue("api", notBefore: now.AddDays(firstDay), notAfter: now.AddDays(lastDay));
        string path = Path.Combine(_folder.FullName, "dated.p12");
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, Password));
        await using DiscoveryApi api = await StartAsync(options => Use(options, server, path));

        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));
        Assert.Equal(1, api.Signal.Count("ClientCertificateNotValid"));
        api.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((200, 200), (await api.GetAsync("three"), await api.GetAsync("four")));

        Assert.Equal(2, api.Signal.Count("ClientCertificateNotValid"));
        Assert.Contains(
            $"the client certificate of {path} is valid from {now.AddDays(firstDay):u} to {now.AddDays(lastDay):u}, so it is not valid now",
            api.Log,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_certificate_in_code_is_logged_once_an_hour_when_it_has_expired()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using var authority = new TestAuthority();
        DateTimeOffset now = Support.ManualTimeProvider.Start;
        using X509Certificate2 certificate = authority.Issue("api", notBefore: now.AddDays(-20), notAfter: now.AddDays(-10));
        await using DiscoveryApi api = await StartAsync(options =>
        {
            Use(options, server, "");
            (options.CertificatePath, options.CertificatePassword, options.ClientCertificate) = (null, null, certificate);
        });

        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        Assert.Equal(1, api.Signal.Count("ClientCertificateNotValid"));
        Assert.Contains("the client certificate of ClientCertificate is valid from", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_valid_certificate_is_not_logged()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        (string path, _) = Write("api");
        await using DiscoveryApi api = await StartAsync(options => Use(options, server, path));

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal(0, api.Signal.Count("ClientCertificateNotValid"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Use(OAuthIntrospectionOptions options, CertificateServer server, string path)
    {
        options.IntrospectionEndpoint = server.Url + "/introspect";
        options.ClientId = "api";
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
        options.CertificatePath = path;
        options.CertificatePassword = Password;
    }

    private static Task<DiscoveryApi> StartAsync(
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<SocketsHttpHandler>? handler = null,
        Action<IConfigurationSection>? configuration = null,
        Action<IConfigurationManager>? manager = null
    ) =>
        DiscoveryApi.StartAsync(
            configure,
            services =>
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                    .ConfigurePrimaryHttpMessageHandler(() =>
                    {
                        var primary = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
                        primary.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
                        handler?.Invoke(primary);
                        return primary;
                    }),
            settings =>
            {
                configuration?.Invoke(settings.GetSection("Authentication:Schemes:OAuthIntrospection"));
                manager?.Invoke(settings);
            }
        );

    private static async Task BreakAsync(string path, string kind)
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("broken");
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        if (kind == "gone")
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(
                path,
                kind == "cut off" ? (await File.ReadAllBytesAsync(path))[..100] : withoutKey.Export(X509ContentType.Pkcs12, Password)
            );
        }
    }

    private (string Path, string Thumbprint) Write(string name)
    {
        string path = Path.Combine(_folder.FullName, "api.p12");
        using X509Certificate2 certificate = CertificateServer.CreateCertificate(name);
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, Password));
        return (path, certificate.Thumbprint);
    }
}
