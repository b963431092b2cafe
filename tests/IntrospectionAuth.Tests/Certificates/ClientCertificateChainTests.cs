using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.ClientAuthentication;
using IntrospectionAuth.Tests.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>
/// The chain of the client certificate is built once, offline, and presented completely: over a real socket, to a server that requires a
/// certificate and trusts only the root.
/// </summary>
public sealed class ClientCertificateChainTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificate-chain");
    private readonly TestAuthority _authority = new();
    private readonly HangingListener _hanging = new();

    public static TheoryData<string, string> MethodsAndSources
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string method in (string[])["tls_client_auth", "self_signed_tls_client_auth", "client_credentials"])
            {
                foreach (string source in (string[])["PKCS #12", "PEM", "PEM with a key beside it", "code"])
                    data.Add(method, source);
            }

            return data;
        }
    }

    public void Dispose()
    {
        _hanging.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(MethodsAndSources))]
    public async Task A_server_that_trusts_only_the_root_accepts_the_certificate_and_no_issuer_is_downloaded(string method, string source)
    {
        await using CertificateServer server = await CertificateServer.StartAsync(_authority.Root);
        using X509Certificate2 leaf = _authority.Issue("api", _hanging.Url);
        await using DiscoveryApi api = await StartAsync(server, method, options => Present(options, leaf, source));

        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        Assert.All(server.Calls, call => Assert.Equal(leaf.Thumbprint, call.Thumbprint));
        Assert.Equal(0, _hanging.ConnectionCount);
    }

    [Fact]
    public async Task A_certificate_in_code_without_its_chain_is_presented_without_delay()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using X509Certificate2 leaf = _authority.Issue("api", _hanging.Url);
        await using DiscoveryApi api = await StartAsync(server, "tls_client_auth", options => options.ClientCertificate = leaf);

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal([leaf.Thumbprint], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal(0, _hanging.ConnectionCount);
    }

    [Fact]
    public async Task A_renewed_certificate_is_presented_with_its_own_chain()
    {
        await using CertificateServer server = await CertificateServer.StartAsync(_authority.Root);
        using X509Certificate2 before = _authority.Issue("before", _hanging.Url),
            after = _authority.Issue("after", _hanging.Url);
        await using DiscoveryApi api = await StartAsync(server, "tls_client_auth", options => Present(options, before, "PKCS #12"));
        Assert.Equal(200, await api.GetAsync("one"));

        Present(new OAuthIntrospectionOptions(), after, "PKCS #12");
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal([before.Thumbprint, after.Thumbprint], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal(0, _hanging.ConnectionCount);
    }

    [Fact]
    public async Task The_metadata_is_fetched_with_the_certificate_too()
    {
        await using CertificateServer server = await CertificateServer.StartAsync(_authority.Root); // no connection without a certificate
        using X509Certificate2 leaf = _authority.Issue("api", _hanging.Url);
        await using DiscoveryApi api = await StartAsync(
            server,
            "tls_client_auth",
            options =>
            {
                options.IntrospectionEndpoint = null;
                options.Authority = server.Url;
                Present(options, leaf, "PEM");
            }
        );

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal(["/mtls"], server.Calls.Select(call => call.Path));
    }

    private static Task<DiscoveryApi> StartAsync(CertificateServer server, string method, Action<OAuthIntrospectionOptions> configure) =>
        DiscoveryApi.StartAsync(
            options =>
            {
                options.IntrospectionEndpoint = server.Url + "/introspect";
                options.ClientId = "api";
                options.ClientAuthenticationMethod = method switch
                {
                    "client_credentials" => ClientAuthenticationMethod.ClientCredentials,
                    "tls_client_auth" => ClientAuthenticationMethod.TlsClientAuth,
                    _ => ClientAuthenticationMethod.SelfSignedTlsClientAuth,
                };
                if (method == "client_credentials")
                {
                    options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
                    options.ClientCredentials.TokenEndpoint = server.Url + "/token";
                }

                configure(options);
            },
            services =>
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                    .ConfigurePrimaryHttpMessageHandler(() =>
                    {
                        var primary = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
                        primary.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
                        return primary;
                    })
        );

    private void Present(OAuthIntrospectionOptions options, X509Certificate2 leaf, string source)
    {
        string certificates = Path.Combine(_folder.FullName, "tls.crt"),
            key = Path.Combine(_folder.FullName, "tls.key");
        string keyPem = leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        switch (source)
        {
            case "PKCS #12":
                File.WriteAllBytes(
                    certificates,
                    new X509Certificate2Collection { _authority.Intermediate, leaf }.Export(X509ContentType.Pkcs12)!
                );
                break;
            case "PEM":
                File.WriteAllText(
                    certificates,
                    $"{keyPem}\n{leaf.ExportCertificatePem()}\n{_authority.Intermediate.ExportCertificatePem()}\n"
                );
                break;
            case "PEM with a key beside it":
                File.WriteAllText(certificates, $"{leaf.ExportCertificatePem()}\n{_authority.Intermediate.ExportCertificatePem()}\n");
                File.WriteAllText(key, keyPem);
                options.CertificateKeyPath = key;
                break;
            default:
                options.ClientCertificate = leaf;
                options.ClientCertificateChain = [_authority.Intermediate];
                return;
        }

        options.CertificatePath = certificates;
    }
}
