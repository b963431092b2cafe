using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Each tenant presents its own client certificate (RFC 8705, section 2), over a real TLS socket.</summary>
public sealed class TenantCertificateTests
{
    [Fact]
    public async Task Tenants_of_one_server_share_no_connection_and_no_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using X509Certificate2 acme = CertificateServer.CreateCertificate("acme");
        using X509Certificate2 beta = CertificateServer.CreateCertificate("beta");
        await using TenantApi api = await StartAsync(server, name => name == "acme" ? acme : beta);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(200, await api.StatusAsync("acme", $"token-{i}"));
            Assert.Equal(200, await api.StatusAsync("beta", $"token-{i}"));
        }

        Assert.Equal(
            [acme.Thumbprint, beta.Thumbprint, acme.Thumbprint, beta.Thumbprint, acme.Thumbprint, beta.Thumbprint],
            server.Calls.Select(static call => call.Thumbprint)
        );
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_when_the_tenant_is_resolved_again_is_used_for_the_next_call()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using X509Certificate2 before = CertificateServer.CreateCertificate("acme");
        using X509Certificate2 after = CertificateServer.CreateCertificate("acme");
        X509Certificate2 current = before;
        await using TenantApi api = await StartAsync(server, _ => current);
        Assert.Equal(200, await api.StatusAsync("acme", "token-1"));

        current = after;
        api.Tenants.Remove("acme");

        Assert.Equal(200, await api.StatusAsync("acme", "token-2"));
        Assert.Equal([before.Thumbprint, after.Thumbprint], server.Calls.Select(static call => call.Thumbprint));
    }

    private static async Task<TenantApi> StartAsync(CertificateServer server, Func<string, X509Certificate2> certificate)
    {
        TenantApi api = await TenantApi.StartAsync(services: static services =>
            services
                .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                .ConfigurePrimaryHttpMessageHandler(static () =>
                {
                    var primary = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
                    primary.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
                    return primary;
                })
        );
        api.Configure = tenant =>
        {
            tenant.Options.IntrospectionEndpoint = server.Url + "/introspect";
            tenant.Options.ClientId = "api";
            tenant.Options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
            tenant.Options.ClientCertificate = certificate(tenant.Name);
        };
        return api;
    }
}
