using System.Text.Json.Nodes;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>Set-ups that are broken in clearly different ways: <c>check</c> names the fault and the remedy of each.</summary>
public sealed class BrokenSetUpTests : IDisposable
{
    private const string Introspection = "introspection";

    private static readonly Dictionary<string, Func<BrokenSetUp>> s_all = new(StringComparer.Ordinal)
    {
        ["a mistyped setting"] = () =>
            new("configuration", "Audience is not a setting.", "Did you mean Audiences?")
            {
                Prepare = (_, folder) =>
                {
                    folder.WriteSettings("""{ "Authority": "https://auth.example.com", "ClientId": "api", "Audience": "my-api" }""");
                    return Task.FromResult<(IAsyncDisposable?, string[])>((null, []));
                },
            },
        ["a host that does not exist"] = () =>
            BrokenSetUp.At("https://no-such-host.invalid/introspect", "dns", "no-such-host.invalid is not found", "Correct the host"),
        ["a port on which nothing listens"] = () =>
            BrokenSetUp.At("http://127.0.0.1:1/introspect", "tcp", "Nothing listens on 127.0.0.1:1", "Start the authorization server"),
        ["a wrong path"] = () =>
            BrokenSetUp.AtServer(Introspection, "status 404", "Check the path of IntrospectionEndpoint", server => server.RespondWith(404)),
        ["a login page"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "a redirect to ",
                "Set IntrospectionEndpoint to the final URL",
                server => server.RespondWith(302, headers: [new("Location", "/login")])
            ),
        ["HTML in place of JSON"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "not JSON but text/html",
                "Check that IntrospectionEndpoint is the URL",
                server => server.RespondWith(200, "<html></html>", "text/html")
            ),
        ["a wrong secret"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "error code invalid_client",
                "Check ClientId, ClientSecret",
                static _ => { },
                options => options.ClientSecret = "another-secret-of-the-server"
            ),
        ["a wrong client authentication method"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "error code invalid_client",
                "Set ClientAuthenticationMethod to client_secret_post",
                static _ => { },
                options => options.RequiredClientAuthenticationMethod = "client_secret_post"
            ),
        ["a server that never responds"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "no complete response within ",
                "raise Timeout",
                server => server.NeverRespond(),
                timeout: 2
            ),
        ["an endpoint that accepts every token"] = () =>
            BrokenSetUp.AtServer(
                Introspection,
                "a random token is active",
                "Do not use this endpoint",
                server => server.RespondWith(200, """{"active":true}""")
            ),
        ["a rate limit"] = () =>
            BrokenSetUp.AtServer(Introspection, "status 429", "limit for this client", server => server.RespondWith(429)),
        ["no client certificate, although the server wants one"] = () =>
            BrokenSetUp.WithClientCertificate(
                "tls",
                "asks for a client certificate",
                "Set ClientAuthenticationMethod to tls_client_auth",
                "none"
            ),
        ["a client certificate that the server does not trust"] = () =>
            BrokenSetUp.WithClientCertificate(Introspection, "", "Check the client certificate (CertificatePath", "other"),
        ["a proxy that does not listen"] = () =>
            BrokenSetUp.BehindProxy("tcp", "Nothing listens on the proxy 127.0.0.1:1", "Correct the variable HTTP_PROXY", status: null),
        ["a proxy that wants credentials"] = () => BrokenSetUp.BehindProxy(Introspection, "status 407", "HTTPS_PROXY", status: 407),
        ["a proxy that refuses a tunnel"] = () =>
            BrokenSetUp.BehindProxy(Introspection, "a proxy that refuses the connection", "HTTPS_PROXY", status: 407, scheme: "https"),
    };

    private readonly ToolFolder _folder = new();

    public static TheoryData<string> Names => [.. s_all.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_fault_and_its_remedy_are_named(string name)
    {
        using BrokenSetUp setUp = s_all[name]();

        (int exitCode, JsonNode report) = await RunAsync(setUp);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            Steps(report),
            step =>
                (string?)step["outcome"] is "fail" or "warn"
                && (string?)step["step"] == setUp.Step
                && ((string?)step["found"])!.Contains(setUp.Found, StringComparison.Ordinal)
                && ((string?)step["remedy"])!.Contains(setUp.Remedy, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void There_are_more_than_ten_different_ones() =>
        Assert.True(s_all.Values.Select(static create => create()).DistinctBy(static it => (it.Found, it.Remedy)).Count() > 10);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_right_client_certificate_and_the_right_proxy_pass(bool isProxy)
    {
        using BrokenSetUp setUp = isProxy
            ? BrokenSetUp.BehindProxy("", "", "", status: 200)
            : BrokenSetUp.WithClientCertificate("", "", "", "trusted");

        (int exitCode, JsonNode report) = await RunAsync(setUp);

        Assert.True(exitCode == 0, report.ToJsonString());
        Assert.Contains(Steps(report), step => (string?)step["step"] == Introspection && (string?)step["outcome"] == "ok");
    }

    private async Task<(int ExitCode, JsonNode Report)> RunAsync(BrokenSetUp setUp)
    {
        (IAsyncDisposable? server, string[] arguments) = await setUp.Prepare(setUp, _folder);
        try
        {
            ToolResult result = await ToolAssembly.RunAsync(_folder.Path, setUp.Variables, ["check", "--json", .. arguments]);
            Assert.DoesNotContain(BrokenSetUp.Secret, result.Output + result.Error, StringComparison.Ordinal);
            return (result.ExitCode, JsonNode.Parse(result.Output)!);
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
        }
    }
}
