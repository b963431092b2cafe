using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>A certificate that the machine trusts: here by a variable that only a process of its own reads.</summary>
public sealed class TrustedCertificateTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(365, "ok", "certificate for localhost, valid until ")]
    [InlineData(5, "warn", "The certificate of localhost expires on ")]
    public async Task A_trusted_certificate_passes_and_one_that_expires_soon_is_a_warning(int days, string outcome, string found)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL reads trusted roots from SSL_CERT_FILE.");
        using X509Certificate2 certificate = StubServer.CreateCertificate("localhost", TimeProvider.System.GetUtcNow().AddDays(days));
        await using StubServer server = await StubServer.StartAsync(StubServer.Json(_ => """{"active":false}"""), certificate);
        _folder.Write("root.pem", certificate.ExportCertificatePem());
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = Path.Combine(_folder.Path, "root.pem"),
            ["INTROSPECTION_CLIENT_SECRET"] = "secret",
        };

        ToolResult result = await ToolAssembly.RunAsync(
            _folder.Path,
            variables,
            ["check", "--json", "--endpoint", $"https://localhost:{server.Address.Port}/introspect", "--client-id", "api"]
        );

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains($"\"outcome\": \"{outcome}\",\n      \"target\": \"localhost:", result.Output, StringComparison.Ordinal);
        Assert.Contains($"\"found\": \"{found}", result.Output, StringComparison.Ordinal);
    }
}
