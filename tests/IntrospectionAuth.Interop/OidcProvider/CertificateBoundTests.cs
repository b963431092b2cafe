using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api with tokens that oidc-provider has bound to a client's certificate (RFC 8705, section 3).</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class CertificateBoundTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task A_certificate_bound_token_is_accepted_over_TLS_only_with_its_certificate()
    {
        await using SampleApi api = await SampleApi.StartAsync(
            Settings,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = "https://127.0.0.1:0",
                ["Kestrel__Certificates__Default__Path"] = server.TlsClients.ServerCertificate,
                ["Kestrel__Certificates__Default__KeyPath"] = Path.Combine(server.TlsClients.Folder, "server.key"),
                ["Kestrel__EndpointDefaults__ClientCertificateMode"] = "AllowCertificate",
            }
        );
        string token = await server.IssueCertificateBoundAsync("read");

        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, token, TlsClients.UnknownClient));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, token, TlsClients.SelfSigned));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, token, certificate: null));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, await server.IssueAsync("read", OidcProviderServer.Api), certificate: null));
    }

    [NodeFact]
    public async Task A_certificate_bound_token_is_accepted_behind_a_proxy_only_with_the_forwarded_certificate()
    {
        await using SampleApi api = await SampleApi.StartAsync(
            Settings,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CertificateForwarding__CertificateHeader"] = "X-SSL-CERT" }
        );
        string token = await server.IssueCertificateBoundAsync("read");

        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, token, certificate: null, forwarded: TlsClients.UnknownClient));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, token, certificate: null, forwarded: TlsClients.SelfSigned));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, token, certificate: null));
    }

    private Dictionary<string, string> Settings
    {
        get
        {
            Dictionary<string, string> settings = server.DiscoverySettings("none", "api-none");
            settings["Audiences:0"] = OidcProviderServer.Api;
            return settings;
        }
    }

    private async Task<HttpStatusCode> GetAsync(SampleApi api, string token, string? certificate, string? forwarded = null)
    {
        using X509Certificate2? shown = Load(certificate),
            inHeader = Load(forwarded);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, theirs, _, _) =>
            theirs is X509Certificate2 it && it.ExportCertificatePem() == File.ReadAllText(server.TlsClients.ServerCertificate);
        if (shown is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(shown, additionalCertificates: null);

        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Url, "/read"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (inHeader is not null)
            request.Headers.Add("X-SSL-CERT", Convert.ToBase64String(inHeader.RawData));
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private X509Certificate2? Load(string? name) =>
        name is null ? null : X509CertificateLoader.LoadPkcs12FromFile(server.TlsClients.CertificateOf(name), TlsClients.Password);
}
