using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>The status and headers of every situation.</summary>
public sealed class ChallengeTests
{
    private const string Token = "opaque-4711";
    private const string Active = """{"active":true,"scope":"read"}""";
    private const string Inactive = """{"active":false}""";

    [Theory]
    [InlineData("/me", null, "Bearer")]
    [InlineData("/me", "api", "Bearer realm=\"api\"")]
    [InlineData("/me", "", "Bearer realm=\"\"")]
    [InlineData("/read", null, "Bearer scope=\"read\"")]
    [InlineData("/read", "api", "Bearer realm=\"api\", scope=\"read\"")]
    public async Task Without_a_token_the_challenge_is_401_without_an_error(string path, string? realm, string challenge)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.Realm = realm);

        using HttpResponseMessage response = await api.GetAsync(path, token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenge, response.Challenges());
        Assert.Null(response.RetryAfter());
    }

    [Theory]
    [InlineData("/me", null, true, "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"")]
    [InlineData("/me", "api", true, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The access token is not active.\"")]
    [InlineData("/me", "api", false, "Bearer realm=\"api\", error=\"invalid_token\"")]
    [InlineData("/read", null, true, "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"")]
    public async Task An_inactive_token_yields_401_and_invalid_token(string path, string? realm, bool details, string challenge)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Inactive);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => (options.Realm, options.IncludeErrorDetails) = (realm, details)
        );

        using HttpResponseMessage response = await api.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenge, response.Challenges());
        Assert.Null(response.RetryAfter());
    }

    [Theory]
    [InlineData(null, true, "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"")]
    [InlineData(
        "api",
        true,
        "Bearer realm=\"api\", error=\"invalid_request\", error_description=\"The access token is not presented correctly.\""
    )]
    [InlineData("api", false, "Bearer realm=\"api\", error=\"invalid_request\"")]
    public async Task A_malformed_token_yields_400_and_invalid_request(string? realm, bool details, string challenge)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => (options.Realm, options.IncludeErrorDetails) = (realm, details)
        );

        using HttpResponseMessage response = await api.GetAsync("/read", "a b");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(challenge, response.Challenges());
        Assert.Null(response.RetryAfter());
    }

    [Theory]
    [InlineData(
        "/write",
        null,
        true,
        "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"write\""
    )]
    [InlineData("/write", "api", false, "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"write\"")]
    [InlineData("/several", null, false, "Bearer error=\"insufficient_scope\", scope=\"read write admin\"")]
    [InlineData("/quoted", null, false, "Bearer error=\"insufficient_scope\", scope=\"a\\\"b\\\\c\"")]
    public async Task A_missing_scope_yields_403_and_every_required_scope(string path, string? realm, bool details, string challenge)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Active);
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options => (options.Realm, options.IncludeErrorDetails) = (realm, details)),
                Endpoints = app =>
                {
                    app.MapGet("/several", () => "").RequireAuthorization("scope:read write").RequireScope("admin", "read");
                    app.MapGet("/quoted", () => "").RequireScope("a\"b\\c");
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(challenge, response.Challenges());
        Assert.Null(response.RetryAfter());
    }

    [Fact]
    public async Task Another_unmet_requirement_yields_403_without_a_challenge()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Active);
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(options => options.Realm = "api"),
                Endpoints = app =>
                    app.MapGet("/editors", () => "").RequireAuthorization(policy => policy.RequireRole("editor").RequireScope("read")),
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/editors", Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData(503, "30", "30")]
    [InlineData(503, null, "5")]
    [InlineData(503, "soon", "5")]
    [InlineData(503, "0", "1")]
    [InlineData(503, "300", "300")]
    [InlineData(503, "301", "300")]
    [InlineData(503, "86400", "300")]
    [InlineData(429, "60", "60")]
    [InlineData(429, "Thu, 01 Jan 2026 00:01:30 GMT", "90")]
    [InlineData(429, "Thu, 01 Jan 2026 01:00:00 GMT", "300")]
    [InlineData(429, "Wed, 31 Dec 2025 00:00:00 GMT", "1")]
    [InlineData(500, "7", "7")]
    [InlineData(401, null, "5")]
    [InlineData(302, null, "5")]
    [InlineData(200, "12", "12")] // with an unusable body
    public async Task An_unusable_response_yields_503_with_the_servers_Retry_After(int status, string? header, string retryAfter)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(status, "{}", headers: header is null ? null : [new("Retry-After", header)]);
        await using TestApi api = await TestApi.StartAsync(server, options => options.Realm = "api", new ManualTimeProvider());

        using HttpResponseMessage response = await api.GetAsync("/read", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(retryAfter, response.RetryAfter());
        Assert.Equal("", response.Challenges());
    }

    [Fact]
    public async Task Retry_After_is_rounded_up_to_whole_seconds()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromMilliseconds(500));
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(429, headers: [new("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT")]);
        await using TestApi api = await TestApi.StartAsync(server, time: time);

        using HttpResponseMessage response = await api.GetAsync("/read", Token);

        Assert.Equal("10", response.RetryAfter());
    }

    [Fact]
    public async Task A_server_slower_than_the_timeout_yields_503()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        server.NeverRespond();
        await using TestApi api = await TestApi.StartAsync(server, time: time);

        Task<HttpResponseMessage> asking = api.GetAsync("/read", Token);
        await server.WaitForCallsAsync(1);
        time.Advance(TimeSpan.FromSeconds(5));
        using HttpResponseMessage response = await asking;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", response.RetryAfter());
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData("say \"hello\" \\ é\r\nSet-Cookie: a=b", "Bearer realm=\"say \\\"hello\\\" \\\\ ???Set-Cookie: a=b\"")]
    [InlineData("\0\t\u007F", "Bearer realm=\"???\"")]
    public async Task No_realm_breaks_the_header(string realm, string challenge)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.Realm = realm);

        using HttpResponseMessage response = await api.GetAsync("/me", token: null);

        Assert.Equal(challenge, response.Challenges());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task An_event_may_change_the_challenge_and_its_values_are_escaped()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Inactive);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.Events.OnChallenge = context =>
                {
                    Assert.Equal(401, context.StatusCode);
                    context.ErrorDescription = "mine\r\nSet-Cookie: a=b";
                    context.ErrorUri = "https://api.example.com/errors";
                    context.Scope = "read";
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(
            "Bearer scope=\"read\", error=\"invalid_token\", error_description=\"mine??Set-Cookie: a=b\", "
                + "error_uri=\"https://api.example.com/errors\"",
            response.Challenges()
        );
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/public")]
    [InlineData("/open")]
    public async Task An_anonymous_endpoint_serves_a_request_with_any_token(string path)
    {
        string[] bodies =
        [
            Inactive,
            "{}",
            "garbage",
            """{"active":true,"exp":1}""",
            """{"active":true,"cnf":{}}""",
            """{"active":true,"token_type":"refresh_token"}""",
        ];
        foreach (string body in bodies)
        {
            await using var server = FakeAuthorizationServer.Create();
            server.RespondWith(200, body);
            await using TestApi api = await StartWithOpenEndpointAsync(server);

            using HttpResponseMessage response = await api.GetAsync(path, Token);

            await AssertUntouchedAsync(response);
            Assert.Equal(1, server.CallCount);
        }
    }

    [Theory]
    [InlineData("/public", "a b")]
    [InlineData("/public", "")]
    [InlineData("/public", "%s")]
    [InlineData("/open", "a b")]
    public async Task On_an_anonymous_endpoint_a_malformed_token_stops_nothing(string path, string token)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartWithOpenEndpointAsync(server);

        using HttpResponseMessage response = await api.GetAsync(path, token);

        await AssertUntouchedAsync(response);
        Assert.Equal(0, server.CallCount);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(0)] // the connection is cut
    public async Task On_an_anonymous_endpoint_a_server_that_is_down_stops_nothing(int status)
    {
        await using var server = FakeAuthorizationServer.Create();
        if (status == 0)
            server.Disconnect();
        else
            server.RespondWith(status, headers: [new("Retry-After", "30")]);
        await using TestApi api = await StartWithOpenEndpointAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/public", Token);

        await AssertUntouchedAsync(response);
        Assert.Equal(status == 0 ? 2 : 1, server.CallCount); // A broken connection is retried once.
    }

    /// <summary>/public has no metadata; /open has [AllowAnonymous] on top of a requirement.</summary>
    private static Task<TestApi> StartWithOpenEndpointAsync(FakeAuthorizationServer server) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/open", () => "public").RequireScope("read").AllowAnonymous(),
            }
        );

    private static async Task AssertUntouchedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public", await response.Content.ReadAsStringAsync());
        Assert.Equal("", response.Challenges());
        Assert.Null(response.RetryAfter());
    }
}
