using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>A set-up that is broken in one way, and what <c>check</c> says about it.</summary>
/// <param name="step">The step that names the fault.</param>
/// <param name="found">What the step says was found.</param>
/// <param name="remedy">What the remedy names.</param>
internal sealed class BrokenSetUp(string step, string found, string remedy) : IDisposable
{
    public const string Secret = "the-secret-of-the-server";

    private const int LongTimeout = 60; // seconds, for a busy machine

    private readonly List<IDisposable> _certificates = [];

    public string Step => step;

    public string Found => found;

    public string Remedy => remedy;

    /// <summary>Starts the server, and returns the arguments of the tool.</summary>
    public required Func<BrokenSetUp, ToolFolder, Task<(IAsyncDisposable? Server, string[] Arguments)>> Prepare { get; init; }

    /// <summary>Variables that only a process of its own reads.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["INTROSPECTION_CLIENT_SECRET"] = Secret };

    /// <summary>A server of our own that behaves in a way.</summary>
    public static BrokenSetUp AtServer(
        string step,
        string found,
        string remedy,
        Action<FakeAuthorizationServer> behave,
        Action<FakeAuthorizationServerOptions>? configure = null,
        int timeout = LongTimeout
    ) =>
        new(step, found, remedy)
        {
            Prepare = async (_, _) =>
            {
                FakeAuthorizationServer server = await CheckFixture.ListenAsync(configure);
                behave(server);
                return (server, ["--endpoint", server.IntrospectionEndpoint, "--client-id", "api", "--set", $"Timeout={timeout}"]);
            },
        };

    /// <summary>An endpoint that no server of ours is behind.</summary>
    public static BrokenSetUp At(string endpoint, string step, string found, string remedy) =>
        new(step, found, remedy)
        {
            Prepare = (_, _) =>
                Task.FromResult<(IAsyncDisposable?, string[])>(
                    (null, ["--endpoint", endpoint, "--client-id", "api", "--set", $"Timeout={LongTimeout}"])
                ),
        };

    /// <summary>A server whose clients present certificates of one authority.</summary>
    /// <param name="step">The step that names the fault.</param>
    /// <param name="found">What the step says was found.</param>
    /// <param name="remedy">What the remedy names.</param>
    /// <param name="presents">Whose certificate the client presents: the server's own authority, another one, or none.</param>
    public static BrokenSetUp WithClientCertificate(string step, string found, string remedy, string presents) =>
        new(step, found, remedy)
        {
            Prepare = async (it, folder) =>
            {
                X509Certificate2 certificate = StubServer.CreateCertificate("localhost", TimeProvider.System.GetUtcNow().AddYears(1));
                var trusted = new TestAuthority();
                var other = new TestAuthority();
                it._certificates.AddRange([certificate, trusted, other]);
                folder.Write("root.pem", certificate.ExportCertificatePem());
                it.Variables["SSL_CERT_FILE"] = Path.Combine(folder.Path, "root.pem");
                StubServer server = await StubServer.StartAsync(
                    StubServer.Json(static _ => """{"active":false}"""),
                    certificate,
                    clientRoot: trusted.Root
                );
                string[] endpoint = ["--endpoint", $"https://localhost:{server.Address.Port}/introspect", "--client-id", "api"];
                if (presents == "none")
                    return (server, endpoint);

                TestAuthority authority = presents == "trusted" ? trusted : other;
                using X509Certificate2 client = authority.Issue("api");
                folder.Write(
                    "client.pem",
                    client.ExportCertificatePem()
                        + "\n"
                        + authority.Intermediate.ExportCertificatePem()
                        + "\n"
                        + client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()
                );
                it.Variables.Remove("INTROSPECTION_CLIENT_SECRET");
                string path = Path.Combine(folder.Path, "client.pem");
                return (server, [.. endpoint, "--set", "ClientAuthenticationMethod=tls_client_auth", "--set", $"CertificatePath={path}"]);
            },
        };

    /// <summary>A server that is reached through a proxy.</summary>
    /// <param name="step">The step that names the fault.</param>
    /// <param name="found">What the step says was found.</param>
    /// <param name="remedy">What the remedy names.</param>
    /// <param name="status">What the proxy responds; null for a proxy that does not listen.</param>
    /// <param name="scheme">The scheme of the endpoint.</param>
    public static BrokenSetUp BehindProxy(string step, string found, string remedy, int? status, string scheme = "http") =>
        new(step, found, remedy)
        {
            Prepare = async (it, _) =>
            {
                StubServer proxy = await StubServer.StartAsync(context =>
                {
                    context.Response.StatusCode = status ?? 502;
                    return status == 200 ? StubServer.Json(static _ => """{"active":false}""")(context) : Task.CompletedTask;
                });
                it.Variables["HTTP_PROXY"] = it.Variables["HTTPS_PROXY"] = status is null
                    ? "http://127.0.0.1:1"
                    : proxy.Address.AbsoluteUri;
                it.Variables["NO_PROXY"] = "";
                string[] plain = scheme == "http" ? ["--set", "RequireHttps=false"] : [];
                return (proxy, ["--endpoint", $"{scheme}://auth.example.com/introspect", "--client-id", "api", .. plain]);
            },
        };

    public void Dispose() => _certificates.ForEach(static certificate => certificate.Dispose());
}
