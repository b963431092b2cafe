using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>A host that is not found, not reached or not trusted is named, with the remedy.</summary>
public sealed class CheckNetworkTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task An_unknown_host_fails_the_DNS_step() =>
        AssertFault(
            await _check.RunAsync("--endpoint", "https://no-such-host.invalid/introspect", "--set", "Timeout=60"),
            "dns",
            "The host no-such-host.invalid is not found.",
            "Correct the host in Authority or IntrospectionEndpoint, or check the DNS of this machine."
        );

    [Fact]
    public async Task A_port_on_which_nothing_listens_fails_the_TCP_step()
    {
        // Bound, so that no other program gets the port, but not listening.
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)reserved.LocalEndPoint!).Port;

        AssertFault(
            await _check.RunAsync("--endpoint", $"http://127.0.0.1:{port}/introspect"),
            "tcp",
            $"Nothing listens on 127.0.0.1:{port}.",
            "Start the authorization server, or correct the port in Authority or IntrospectionEndpoint."
        );
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_fails_the_TLS_step() =>
        await AssertCertificateFaultAsync(
            StubServer.CreateCertificate("localhost", TimeProvider.System.GetUtcNow().AddYears(1)),
            "This machine does not trust the certificate of localhost (its root is not trusted).",
            "Add the certificate of its issuer to the trusted roots of the machine that runs the API. "
                + "For the development certificate of ASP.NET Core: dotnet dev-certs https --trust."
        );

    [Fact]
    public async Task An_expired_certificate_fails_the_TLS_step() =>
        await AssertCertificateFaultAsync(
            StubServer.CreateCertificate("localhost", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)),
            "The certificate of localhost expired on 2026-01-02.",
            "Renew the certificate at the authorization server, or correct the clock of this machine."
        );

    [Fact]
    public async Task A_certificate_of_another_host_fails_the_TLS_step() =>
        await AssertCertificateFaultAsync(
            StubServer.CreateCertificate("login.example.com", TimeProvider.System.GetUtcNow().AddYears(1)),
            "The certificate is not for localhost but for login.example.com.",
            "Use a host name that the certificate has, or add the host to the certificate."
        );

    [Fact]
    public async Task A_certificate_does_not_control_the_terminal()
    {
        using X509Certificate2 certificate = StubServer.CreateCertificate(
            "evil\u001b[2J.example",
            TimeProvider.System.GetUtcNow().AddYears(1)
        );
        await using StubServer server = await StubServer.StartAsync(StubServer.Json(_ => "{}"), certificate);

        ToolResult result = await _check.Folder.RunAsync([
            .. (string[])["check", "--method", "none", "--client-id", "api"],
            .. (string[])["--endpoint", $"https://localhost:{server.Address.Port}/introspect"],
        ]);

        Assert.DoesNotContain('\u001b', result.Output);
        Assert.Contains("evil\\u001b[2J.example", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_to_a_port_with_plain_http_fails_the_TLS_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();

        AssertFault(
            await _check.RunAsync("--endpoint", $"https://127.0.0.1:{server.BaseAddress.Port}/introspect"),
            "tls",
            $"127.0.0.1:{server.BaseAddress.Port} does not complete the TLS handshake (the handshake was broken off).",
            "The port probably speaks plain http or another protocol. Correct the scheme or the port of the URL."
        );
    }

    private async Task AssertCertificateFaultAsync(X509Certificate2 certificate, string found, string remedy)
    {
        await using StubServer server = await StubServer.StartAsync(StubServer.Json(_ => """{"active":false}"""), certificate);
        using (certificate)
            AssertFault(await _check.RunAsync("--endpoint", $"https://localhost:{server.Address.Port}/introspect"), "tls", found, remedy);
    }
}
