using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>What is wrong with the endpoint or the credentials is named, with the remedy.</summary>
public sealed class CheckEndpointTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task A_working_set_up_has_no_failed_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _check.Folder.WriteSettings($$"""{ "Authority": "{{server.Issuer}}", "ClientId": "api", "ClientSecret": "{{ServerSecret}}" }""");

        (int exitCode, JsonNode report) = await _check.Folder.CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("ok", (string?)report["outcome"]);
        Assert.Equal(
            "configuration ok, dns skipped, tcp ok, tls skipped, metadata ok, keys skipped, introspection ok, token skipped",
            string.Join(", ", Steps(report).Select(step => $"{step["step"]} {step["outcome"]}"))
        );
    }

    [Fact]
    public async Task A_wrong_path_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        string wrong = server.Issuer + "/oauth/introspect";

        AssertFault(
            await _check.RunAsync("--endpoint", wrong),
            "introspection",
            $"status 404, at {wrong}",
            "Check the path of IntrospectionEndpoint against the server's documentation, or set Authority alone and have it discovered. "
                + "If the server responds to unknown tokens in this way, add the status to InactiveStatusCodes."
        );
    }

    [Fact]
    public async Task A_redirect_to_a_login_page_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondWith(302, headers: [new("Location", "/login")]);

        AssertFault(
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint),
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
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            $"a response that cannot be used: its content type is not JSON but text/html, at {server.IntrospectionEndpoint}",
            "Check that IntrospectionEndpoint is the URL of the introspection endpoint. If the server deviates from RFC 7662, adapt its "
                + "responses with OnResponseReceived."
        );
    }

    [Fact]
    public async Task An_endpoint_that_accepts_every_token_fails_the_introspection_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondWith(200, """{"active":true}""");

        AssertFault(
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint),
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
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint, "--set", "Timeout=00:00:00.3"),
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
        _check.Folder.Variables["INTROSPECTION_CLIENT_SECRET"] = ServerSecret;

        Task<ToolResult> running = _check.Folder.RunAsync(
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
        _check.Folder.Variables["INTROSPECTION_CLIENT_SECRET"] = "not-the-secret-of-the-server";
        _check.Folder.Secrets.Add("not-the-secret-of-the-server");

        AssertFault(
            await _check.Folder.CheckAsync("--endpoint", server.IntrospectionEndpoint, "--client-id", "api"),
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
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint),
            "introspection",
            Refused(server),
            "The id and the secret are right: the server accepts them by client_secret_post. "
                + "Set ClientAuthenticationMethod to client_secret_post."
        );
    }

    [Fact]
    public async Task A_warning_does_not_fail()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        server.RespondToInactiveTokensWith(404);

        (int exitCode, JsonNode report) = await _check.RunAsync(
            "--endpoint",
            server.IntrospectionEndpoint,
            "--set",
            "InactiveStatusCodes=404"
        );

        Assert.Equal(0, exitCode);
        Assert.Equal("warn", (string?)report["outcome"]);
        Assert.Equal("warn", (string?)Steps(report)[^2]["outcome"]);
    }

    private static string Refused(FakeAuthorizationServer server) =>
        $"status 401, error code invalid_client: the server refuses this API's credentials or request, at {server.IntrospectionEndpoint}";
}
