using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Interop.Faults;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>
/// samples/Api with OpenIddict over TLS: the API authenticates with a certificate, and tokens are bound to that of their client.
/// </summary>
public sealed class OpenIddictTlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openiddict-");
    private readonly OpenIddictTls _tls = new(TestCertificate.Create(), CreateClient("api"), CreateClient("browser"));
    private OpenIddictServer _server = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _server = await OpenIddictServer.StartAsync(TokenFormat.Reference, _tls);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (X509Certificate2 certificate in (X509Certificate2[])[_tls.Server, _tls.Api, _tls.Client])
            certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    [LinuxFact]
    public async Task A_certificate_authenticates_the_API_and_a_bound_token_is_accepted_only_with_its_own()
    {
        await using SampleApi api = await StartAsync(_tls.Api);
        (string token, _) = await _server.IssueAsync("read", OpenIddictClients.ApiWithCertificate);

        Assert.Equal(200, await GetAsync(api, token, _tls.Client));
        Assert.Equal(401, await GetAsync(api, token, _tls.Api));
        Assert.Equal(401, await GetAsync(api, token, certificate: null));
    }

    [LinuxFact]
    public async Task A_certificate_that_the_server_does_not_know_yields_503()
    {
        using X509Certificate2 stranger = CreateClient("stranger");
        await using SampleApi api = await StartAsync(stranger);
        (string token, _) = await _server.IssueAsync("read", OpenIddictClients.ApiWithCertificate);

        Assert.Equal(503, await GetAsync(api, token, _tls.Client));
        await api.WaitForLogAsync("it refuses this API's credentials or request");
    }

    private static X509Certificate2 CreateClient(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false)); // clients
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task<int> GetAsync(SampleApi api, string token, X509Certificate2? certificate)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
        request.Headers.Authorization = new("Bearer", token);
        if (certificate is not null)
            request.Headers.Add("X-SSL-CERT", Convert.ToBase64String(certificate.RawData));
        return (await api.SendAsync(request)).Status;
    }

    private async Task<SampleApi> StartAsync(X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder.FullName, $"{certificate.Thumbprint}.pem"),
            trusted = Path.Combine(_folder.FullName, "server.pem");
        using RSA key = certificate.GetRSAPrivateKey()!;
        await File.WriteAllTextAsync(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        await File.WriteAllTextAsync(trusted, _tls.Server.ExportCertificatePem());
        return await SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["Authority"] = _server.Issuer,
                ["ClientAuthenticationMethod"] = "self_signed_tls_client_auth",
                ["ClientId"] = OpenIddictClients.ApiWithCertificate,
                ["CertificatePath"] = path,
            },
            new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = trusted, ["CertificateForwarding__CertificateHeader"] = "X-SSL-CERT" }
        );
    }
}
