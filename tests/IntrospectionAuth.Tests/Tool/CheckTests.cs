using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Tool;

/// <summary><c>check</c> names the fault of a broken set-up: one step fails, with the remedy.</summary>
public sealed class CheckTests : IDisposable
{
    private const string ServerSecret = "the-secret-of-the-server";

    private readonly ToolFolder _folder = new();

    public CheckTests() => _folder.Secrets.Add(ServerSecret);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_working_set_up_has_no_failed_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _folder.WriteSettings($$"""{ "Authority": "{{server.Issuer}}", "ClientId": "api", "ClientSecret": "{{ServerSecret}}" }""");

        (int exitCode, JsonNode report) = await _folder.CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("ok", (string?)report["outcome"]);
        Assert.Equal(
            "configuration ok, dns skipped, tcp ok, tls skipped, metadata ok, keys skipped, introspection ok, token skipped",
            string.Join(", ", Steps(report).Select(step => $"{step["step"]} {step["outcome"]}"))
        );
    }

    [Fact]
    public async Task Keys_are_checked_where_signed_responses_are_required()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _folder.WriteSettings(
            $$"""
            {
              "Authority": "{{server.Issuer}}",
              "ClientId": "api",
              "ClientSecret": "{{ServerSecret}}",
              "RequireSignedResponse": true
            }
            """
        );

        (int exitCode, JsonNode report) = await _folder.CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains(Steps(report), step => (string?)step["step"] == "keys" && (string?)step["outcome"] == "ok");
    }

    [Fact]
    public async Task An_unknown_host_fails_the_DNS_step() =>
        AssertFault(
            await CheckOptionsAsync("--endpoint", "https://no-such-host.invalid/introspect", "--set", "Timeout=2"),
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
            await CheckOptionsAsync("--endpoint", $"http://127.0.0.1:{port}/introspect"),
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
    public async Task Https_to_a_port_with_plain_http_fails_the_TLS_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();

        AssertFault(
            await CheckOptionsAsync("--endpoint", $"https://127.0.0.1:{server.BaseAddress.Port}/introspect"),
            "tls",
            $"127.0.0.1:{server.BaseAddress.Port} does not complete the TLS handshake (the handshake was broken off).",
            "The port probably speaks plain http or another protocol. Correct the scheme or the port of the URL."
        );
    }

    [Fact]
    public async Task A_wrong_path_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        string wrong = server.Issuer + "/oauth/introspect";

        AssertFault(
            await CheckOptionsAsync("--endpoint", wrong),
            "introspection",
            $"status 404, at {wrong}",
            "Check the path of IntrospectionEndpoint against the server's documentation, or set Authority alone and have it discovered."
        );
    }

    [Fact]
    public async Task A_redirect_to_a_login_page_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondWith(302, headers: [new("Location", "/login")]);

        AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            found: null,
            "Redirects are never followed, because they would carry credentials elsewhere. Set IntrospectionEndpoint to the final URL; "
                + "often the scheme, the host or a slash at the end differs."
        );
    }

    [Fact]
    public async Task HTML_in_place_of_JSON_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondWith(200, "<!doctype html>", "text/html");

        AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            $"a response that cannot be used: its content type is not JSON but text/html, at {server.IntrospectionEndpoint}",
            "Check that the URL is that of the introspection endpoint. If the server deviates from RFC 7662, adapt its responses with "
                + "OnResponseReceived."
        );
    }

    [Fact]
    public async Task An_endpoint_that_accepts_every_token_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondWith(200, """{"active":true}""");

        AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            $"{server.IntrospectionEndpoint} says that a random token is active.",
            "Do not use this endpoint: it accepts every token. Correct the URL, or the rule of a mock server behind it."
        );
    }

    [Fact]
    public async Task A_server_that_never_responds_fails_the_introspection_step_in_time()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.NeverRespond();

        JsonNode fault = AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint, "--set", "Timeout=00:00:00.3"),
            "introspection",
            found: null,
            "Look at the authorization server, which responds too slowly, or raise Timeout."
        );
        Assert.StartsWith("no complete response within ", (string?)fault["found"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_check()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        using HeldResponses held = server.HoldResponses();
        using var interrupt = new CancellationTokenSource();
        _folder.Variables["INTROSPECTION_CLIENT_SECRET"] = ServerSecret;

        Task<ToolResult> running = _folder.RunAsync(
            interrupt.Token,
            ["check", "--endpoint", server.IntrospectionEndpoint, "--client-id", "api"]
        );
        await held.WaitForCallsAsync(1);
        await interrupt.CancelAsync();
        ToolResult result = await running;

        Assert.Equal((130, "Cancelled."), (result.ExitCode, result.Error.TrimEnd()));
    }

    [Fact]
    public async Task A_wrong_secret_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _folder.Variables["INTROSPECTION_CLIENT_SECRET"] = "not-the-secret-of-the-server";
        _folder.Secrets.Add("not-the-secret-of-the-server");

        AssertFault(
            await _folder.CheckAsync("--endpoint", server.IntrospectionEndpoint, "--client-id", "api"),
            "introspection",
            Refused(server),
            "This API authenticated by client_secret_basic. Check ClientId, ClientSecret and ClientAuthenticationMethod."
        );
    }

    [Fact]
    public async Task A_wrong_client_authentication_method_is_named_with_the_right_one()
    {
        await using FakeAuthorizationServer server = await ListenAsync(options =>
            options.RequiredClientAuthenticationMethod = "client_secret_post"
        );

        AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            Refused(server),
            "The id and the secret are right: the server accepts them by client_secret_post. "
                + "Set ClientAuthenticationMethod to client_secret_post."
        );
    }

    [Fact]
    public async Task Another_issuer_fails_the_metadata_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync(options => options.Issuer = "https://login.example.com");
        string authority = server.BaseAddress.AbsoluteUri.TrimEnd('/');

        JsonNode fault = AssertFault(
            await CheckOptionsAsync("--authority", authority),
            "metadata",
            found: null,
            "Check Authority: it must be written exactly as the issuer in the server's metadata. Or set IntrospectionEndpoint."
        );
        Assert.Contains(
            "its issuer is not Authority (found https://login.example.com, expected ",
            (string?)fault["found"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Metadata_without_an_introspection_endpoint_fails_the_metadata_step()
    {
        await using StubServer server = await StubServer.StartAsync(
            StubServer.Json(request => $$"""{ "issuer": "http://{{request.Host}}" }""")
        );

        AssertFault(
            await CheckOptionsAsync("--authority", server.Address.AbsoluteUri.TrimEnd('/')),
            "metadata",
            found: null,
            "Set IntrospectionEndpoint to the URL from the server's documentation, "
                + "or turn on introspection at the server if it is a plug-in there."
        );
    }

    [Fact]
    public async Task An_authority_without_metadata_fails_the_metadata_step()
    {
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        AssertFault(
            await CheckOptionsAsync("--authority", server.Address.AbsoluteUri.TrimEnd('/')),
            "metadata",
            found: null,
            "Set Authority to the issuer, which is often longer than the host (https://server.example.com/realms/name). "
                + "If the server publishes no metadata, set IntrospectionEndpoint instead."
        );
    }

    [Fact]
    public async Task Plain_http_to_another_machine_fails_the_configuration_step() =>
        AssertFault(
            await CheckOptionsAsync("--endpoint", "http://auth.example.com/introspect"),
            "configuration",
            "IntrospectionEndpoint is plain http, which exposes tokens and secrets to the network.",
            "Use https, or set RequireHttps to false where something else protects that network, a service mesh for example "
                + "(http on a loopback host is always accepted)."
        );

    [Fact]
    public async Task A_missing_setting_fails_the_configuration_step()
    {
        _folder.WriteSettings("""{ "ClientId": "api", "ClientSecret": "the-secret-of-the-server" }""");

        JsonNode fault = AssertFault(await _folder.CheckAsync(), "configuration", "IntrospectionEndpoint is not set.", remedy: null);
        Assert.StartsWith("Set it, or use a provider: ", (string?)fault["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_the_configuration_is_a_step_of_its_own()
    {
        _folder.WriteSettings("""{ "Authority": "https://auth.example.com", "Audience": "api", "Timeout": "soon" }""");

        (int exitCode, JsonNode report) = await _folder.CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(
            ["Timeout is not a time, in seconds (30) or as [d.]hh:mm:ss (00:00:30).", "Audience is not a setting."],
            Steps(report).Where(step => (string?)step["outcome"] == "fail").Select(step => (string)step["found"]!)
        );
        Assert.Equal(2, Steps(report).Length);
    }

    [Fact]
    public async Task A_scheme_of_another_name_is_named()
    {
        _folder.WriteSettings("""{ "Authority": "https://auth.example.com" }""", scheme: "Bearer");

        AssertFault(
            await _folder.CheckAsync(),
            "configuration",
            "There is no section Authentication:Schemes:OAuthIntrospection.",
            "Add it, or name the scheme: --scheme Bearer."
        );
    }

    [Fact]
    public async Task A_folder_without_settings_is_named()
    {
        AssertFault(
            await _folder.CheckAsync(),
            "configuration",
            "There is no section Authentication:Schemes:OAuthIntrospection in this folder, which has no appsettings.json, "
                + "in user secrets or in the environment.",
            "Name the settings of your API with --settings, or give options: --authority (or --endpoint) and --client-id."
        );
    }

    [Fact]
    public async Task A_warning_does_not_fail()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondToInactiveTokensWith(404);

        (int exitCode, JsonNode report) = await CheckOptionsAsync(
            "--endpoint",
            server.IntrospectionEndpoint,
            "--set",
            "InactiveStatusCodes=404"
        );

        Assert.Equal(0, exitCode);
        Assert.Equal("warn", (string?)report["outcome"]);
        Assert.Equal("warn", (string?)Steps(report)[^2]["outcome"]);
    }

    [Theory]
    [InlineData("exp", "1", "exp: expected ", "Obtain a new token. If it is new, compare the clocks")]
    [InlineData(
        "aud",
        "\"other-api\"",
        "audience: expected one of my-api; found other-api",
        "Have the client request a token for this API"
    )]
    [InlineData("token_type", "\"refresh_token\"", "type: expected an access token", "Send the access token, not a refresh token")]
    public async Task A_token_that_is_rejected_fails_the_token_step(string member, string value, string found, string remedy)
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _folder.Input = server.IssueToken(token =>
        {
            token.Audiences = ["my-api"];
            token.Members[member] = new FakeJson(value);
        });
        _folder.Secrets.AddRange([_folder.Input, "user-1@example.com"]);

        JsonNode fault = AssertFault(
            await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint, "--set", "Audiences=my-api", "--token-stdin"),
            "token",
            found: null,
            remedy: null
        );
        Assert.StartsWith(found, (string?)fault["found"], StringComparison.Ordinal);
        Assert.StartsWith(remedy, (string?)fault["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_accepted_passes_the_token_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        string token = server.IssueToken("read");
        _folder.Variables["INTROSPECTION_TOKEN"] = token;
        _folder.Secrets.Add(token);

        (int exitCode, JsonNode report) = await CheckOptionsAsync("--endpoint", server.IntrospectionEndpoint);

        Assert.Equal(0, exitCode);
        Assert.Equal(("token", "ok"), ((string?)Steps(report)[^1]["step"], (string?)Steps(report)[^1]["outcome"]));
    }

    private Task<(int ExitCode, JsonNode Report)> CheckOptionsAsync(params string[] args)
    {
        _folder.Variables["INTROSPECTION_CLIENT_SECRET"] = ServerSecret;
        return _folder.CheckAsync([.. args, "--client-id", "api"]);
    }

    private async Task AssertCertificateFaultAsync(X509Certificate2 certificate, string found, string remedy)
    {
        await using StubServer server = await StubServer.StartAsync(StubServer.Json(_ => """{"active":false}"""), certificate);
        using (certificate)
            AssertFault(await CheckOptionsAsync("--endpoint", $"https://localhost:{server.Address.Port}/introspect"), "tls", found, remedy);
    }

    /// <summary>One step failed, with these texts; null accepts any.</summary>
    private static JsonNode AssertFault((int ExitCode, JsonNode Report) result, string step, string? found, string? remedy)
    {
        JsonNode fault = Assert.Single(Steps(result.Report), it => (string?)it["outcome"] == "fail");

        Assert.Equal(step, (string?)fault["step"]);
        Assert.Equal(found ?? (string?)fault["found"], (string?)fault["found"]);
        Assert.Equal(remedy ?? (string?)fault["remedy"], (string?)fault["remedy"]);
        Assert.Equal("fail", (string?)result.Report["outcome"]);
        Assert.Equal(1, result.ExitCode);
        return fault;
    }

    private static string Refused(FakeAuthorizationServer server) =>
        $"status 401, error code invalid_client: the server refuses this API's credentials or request, at {server.IntrospectionEndpoint}";

    private static JsonNode[] Steps(JsonNode report) => [.. report["steps"]!.AsArray().Select(step => step!)];

    private static Task<FakeAuthorizationServer> ListenAsync(Action<FakeAuthorizationServerOptions>? configure = null) =>
        FakeAuthorizationServer.ListenAsync(options =>
        {
            options.ClientSecret = ServerSecret;
            configure?.Invoke(options);
        });
}
