using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api presents a wrong certificate to oidc-provider.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ClientCertificateTests(OidcProviderServer server)
{
    [LinuxNodeTheory]
    [InlineData("tls_client_auth", TlsClients.Issued, TlsClients.OtherName)]
    [InlineData("tls_client_auth", TlsClients.Issued, TlsClients.UnknownClient)] // its subject is the client's name
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned, TlsClients.UnknownClient)]
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned, TlsClients.Issued)]
    public async Task A_wrong_client_certificate_yields_503(string method, string client, string certificate)
    {
        Dictionary<string, string> settings = server.CertificateSettings(method, client);
        settings["CertificatePath"] = server.TlsClients.CertificateOf(certificate);
        await using SampleApi api = await SampleApi.StartAsync(settings, server.Trust);
        string token = await server.IssueAsync("read");

        ApiResponse response = await api.GetAsync("/read", token);

        response.AssertUnavailable();
        await api.WaitForLogAsync("it refuses this API's credentials or request");
        Assert.DoesNotContain(token, api.Log, StringComparison.Ordinal);
    }

    [LinuxNodeTheory]
    [InlineData("tls_client_auth", TlsClients.Issued)]
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned)]
    public async Task An_untrusted_server_certificate_yields_503(string method, string client)
    {
        await using SampleApi api = await HostedApi.StartAsync(server.CertificateSettings(method, client));
        ApiResponse? response = null;

        int calls = await server.CountCallsAsync(async () => response = await api.GetAsync("/read", await server.IssueAsync("read")));

        response!.AssertUnavailable();
        Assert.Equal(0, calls);
    }
}
