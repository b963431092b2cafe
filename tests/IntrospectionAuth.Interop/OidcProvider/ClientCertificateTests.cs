using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api shows oidc-provider a certificate that is not its own.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ClientCertificateTests(OidcProviderServer server)
{
    [LinuxNodeTheory]
    [InlineData("tls_client_auth", TlsClients.Issued, TlsClients.OtherName)]
    [InlineData("tls_client_auth", TlsClients.Issued, TlsClients.Stranger)] // with the client's own name in it
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned, TlsClients.Stranger)]
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned, TlsClients.Issued)]
    public async Task A_wrong_certificate_is_this_APIs_fault_and_not_the_callers(string method, string client, string certificate)
    {
        Dictionary<string, string> settings = server.CertificateSettings(method, client);
        settings["CertificatePath"] = server.TlsClients.CertificateOf(certificate);
        await using SampleApi api = await SampleApi.StartAsync(settings, server.Trust);
        string token = await server.IssueAsync("read");

        Answer answer = await api.GetAsync("/read", token);

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync("it refuses the credentials or the request of this API");
        Assert.DoesNotContain(token, api.Log, StringComparison.Ordinal);
    }

    [LinuxNodeTheory]
    [InlineData("tls_client_auth", TlsClients.Issued)]
    [InlineData("self_signed_tls_client_auth", TlsClients.SelfSigned)]
    public async Task Where_the_servers_certificate_is_not_trusted_no_token_is_checked_and_none_called_invalid(string method, string client)
    {
        await using SampleApi api = await SampleApi.StartAsync(server.CertificateSettings(method, client));
        Answer? answer = null;

        int calls = await server.CountCallsAsync(async () => answer = await api.GetAsync("/read", await server.IssueAsync("read")));

        answer!.AssertUnavailable(TimeSpan.FromSeconds(6));
        Assert.Equal(0, calls);
    }
}
