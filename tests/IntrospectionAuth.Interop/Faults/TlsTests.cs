using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>The handler sends tokens only to a server with a trusted, current certificate for the host.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_self_signed_certificate_yields_503()
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using KestrelServer server = await KestrelServer.StartAsync(
            context => context.Response.WriteJsonAsync(FaultyServer.Active),
            certificate
        );
        await using SampleApi api = await HostedApi.StartAsync(Settings(server));

        ApiResponse response = await api.GetAsync("/read", "token");

        response.AssertUnavailable();
        Assert.Equal(0, server.CallCount);
        await api.WaitForLogAsync("the authorization server cannot be reached");
    }

    [LinuxFact]
    public async Task A_trusted_certificate_is_accepted()
    {
        using X509Certificate2 certificate = TestCertificate.Create();

        ApiResponse response = await AskTrustingAsync(certificate);

        Assert.Equal(200, response.Status);
    }

    [LinuxFact]
    public async Task A_trusted_certificate_for_another_host_yields_503()
    {
        using X509Certificate2 certificate = TestCertificate.Create(host: "127.0.0.2");

        ApiResponse response = await AskTrustingAsync(certificate);

        response.AssertUnavailable();
    }

    [LinuxFact]
    public async Task An_expired_trusted_certificate_yields_503()
    {
        using X509Certificate2 certificate = TestCertificate.Create(daysLeft: -1);

        ApiResponse response = await AskTrustingAsync(certificate);

        response.AssertUnavailable();
    }

    [LinuxFact]
    public async Task A_client_certificate_from_a_file_is_presented()
    {
        using X509Certificate2 certificate = TestCertificate.Create(),
            mine = TestCertificate.Create();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("client-certificate");
        try
        {
            string trusted = Path.Combine(folder.FullName, "server.pem"),
                file = Path.Combine(folder.FullName, "client.p12");
            await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());
            await File.WriteAllBytesAsync(file, mine.Export(X509ContentType.Pkcs12, "password"));
            await using KestrelServer server = await KestrelServer.StartAsync(
                context =>
                    context.Response.WriteJsonAsync(
                        context.Connection.ClientCertificate?.Thumbprint == mine.Thumbprint
                            ? FaultyServer.Active
                            : KestrelResponses.Inactive
                    ),
                certificate,
                requestsClientCertificate: true
            );
            Dictionary<string, string> settings = Settings(server);
            settings.Remove("ClientSecret");
            settings["ClientAuthenticationMethod"] = "self_signed_tls_client_auth";
            settings["CertificatePath"] = file;
            settings["CertificatePassword"] = "password";
            await using SampleApi api = await SampleApi.StartAsync(settings, new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = trusted });

            ApiResponse response = await api.GetAsync("/read", "token");

            Assert.Equal(200, response.Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_server_without_TLS_at_an_https_endpoint_receives_no_token()
    {
        await using var server = new SocketServer();
        server.RespondTo("token", exchange => exchange.WriteJsonAsync(FaultyServer.Active));
        Dictionary<string, string> settings = server.Settings;
        settings["IntrospectionEndpoint"] = settings["IntrospectionEndpoint"].Replace("http:", "https:", StringComparison.Ordinal);
        settings["Timeout"] = "2";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", "token");

        response.AssertUnavailable();
        Assert.Equal(0, server.CallCount("token"));
    }

    private static async Task<ApiResponse> AskTrustingAsync(X509Certificate2 certificate)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
            await using KestrelServer server = await KestrelServer.StartAsync(
                context => context.Response.WriteJsonAsync(FaultyServer.Active),
                certificate
            );
            await using SampleApi api = await SampleApi.StartAsync(
                Settings(server),
                new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = file }
            );

            return await api.GetAsync("/read", "token");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string> Settings(KestrelServer server) =>
        new(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = server.Url + "/introspect",
            ["ClientId"] = "api",
            ["ClientSecret"] = "secret",
        };
}
