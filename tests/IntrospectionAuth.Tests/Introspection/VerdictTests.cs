using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>
/// 400 <c>unsupported_token_type</c> is a verdict about a token: OpenIddict and oidc-provider give it to an ID token or a JWT.
/// </summary>
public sealed class VerdictTests : BadDayTest
{
    private const string Verdict = """{"error":"unsupported_token_type"}""";

    public static TheoryData<string, string, int, byte[]> OtherResponses =>
        new()
        {
            { "another status: 401", "application/json", 401, Bytes(Verdict) },
            { "another status: 403", "application/json", 403, Bytes(Verdict) },
            { "another status: 404", "application/json", 404, Bytes(Verdict) },
            { "another status: 200", "application/json", 200, Bytes(Verdict) },
            { "another status: 500", "application/json", 500, Bytes(Verdict) },
            { "another content type", "text/html", 400, Bytes(Verdict) },
            { "another spelling", "application/json", 400, Bytes("""{"error":"Unsupported_Token_Type"}""") },
            { "a space behind it", "application/json", 400, Bytes("""{"error":"unsupported_token_type "}""") },
            { "another member", "application/json", 400, Bytes("""{"Error":"unsupported_token_type"}""") },
            { "a list", "application/json", 400, Bytes("""{"error":["unsupported_token_type"]}""") },
            { "an object inside", "application/json", 400, Bytes("""{"error":{"code":"unsupported_token_type"}}""") },
            { "inside of another", "application/json", 400, Bytes("""{"x":{"error":"unsupported_token_type"}}""") },
            { "no object", "application/json", 400, Bytes("\"unsupported_token_type\"") },
            { "an array", "application/json", 400, Bytes("""[{"error":"unsupported_token_type"}]""") },
            { "twice", "application/json", 400, Bytes("""{"error":"unsupported_token_type","error":"unsupported_token_type"}""") },
            { "with another error", "application/json", 400, Bytes("""{"error":"unsupported_token_type","error":"invalid_client"}""") },
            { "another member twice", "application/json", 400, Bytes("""{"error":"unsupported_token_type","a":1,"a":2}""") },
            { "something behind it", "application/json", 400, Bytes(Verdict + "x") },
            { "cut off", "application/json", 400, Bytes(Verdict[..^1]) },
            { "not UTF-8", "application/json", 400, [.. Bytes("{\"x\":\""), 0xFF, .. Bytes("\",\"error\":\"unsupported_token_type\"}")] },
            {
                "too deep",
                "application/json",
                400,
                Bytes($$"""{"error":"unsupported_token_type","x":{{new string('[', 40)}}{{new string(']', 40)}}}""")
            },
            { "too long", "application/json", 400, Bytes($$"""{"error":"unsupported_token_type","x":"{{new string('a', 5000)}}"}""") },
        };

    [Theory]
    [InlineData(Verdict, "application/json")]
    [InlineData(Verdict, "application/json; charset=utf-8")]
    [InlineData(Verdict, "application/json; charset=utf-8;")]
    [InlineData(Verdict, "application/problem+json")]
    [InlineData(" { \"error_description\" : \"no\" , \"error\" : \"unsupported_token_type\" } ", "application/json")]
    [InlineData("{\"error\":\"unsupported\\u005ftoken_type\"}", "application/json")]
    [InlineData("\uFEFF" + Verdict, "application/json")]
    public async Task Unsupported_token_type_yields_401_and_one_Warning(string body, string contentType)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(400, body, contentType);

        await AssertInactiveAsync(api, "one");
        await AssertInactiveAsync(api, "two");

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal(("TokenTypeNotSupported", LogLevel.Warning), (entry.Event.Name, entry.Level));
    }

    [Theory]
    [MemberData(nameof(OtherResponses))]
    public async Task Any_other_response_is_no_verdict(string what, string contentType, int status, byte[] body)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(body);
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api, "token")).Status);

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "TokenTypeNotSupported");
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task A_response_longer_than_MaximumResponseLength_yields_503()
    {
        await using TestApi api = await StartAsync(options => options.MaximumResponseLength = Verdict.Length - 1);
        Server.RespondWith(400, Verdict);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api, "token")).Status);
    }

    [Fact]
    public async Task Unsupported_token_type_is_cached_for_InactiveAge()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(400, Verdict);

        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, "token"));
        Assert.Equal((HttpStatusCode.Unauthorized, 0), await SendAsync(api, "token"));
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, "token"));
    }

    [Fact]
    public async Task A_flood_of_unsupported_tokens_logs_one_Warning_a_minute_opens_no_circuit_and_affects_no_other_token()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(400, Verdict);

        for (int i = 0; i < 50; i++)
            await AssertInactiveAsync(api, $"one-{i}");
        Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 50; i++)
            await AssertInactiveAsync(api, $"two-{i}");
        Server.ResetBehavior();

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
        Assert.Equal(2, api.Log.Entries.Count(entry => entry.Level >= LogLevel.Warning));
    }

    [Fact]
    public async Task A_probe_with_unsupported_token_type_is_healthy()
    {
        await using TestApi api = await StartWithHealthAsync(Server, Time);
        Server.RespondWith(400, Verdict);
        await AssertInactiveAsync(api, "token");

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(api)).Status);
    }

    [Fact]
    public async Task Unsupported_token_type_in_the_background_removes_the_cached_response()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);
        Server.RespondWith(400, Verdict);

        Time.Advance(TimeSpan.FromMinutes(5));
        await SendAsync(api, token); // the cached response, while the server is asked again
        await api.IdleAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, 0), await SendAsync(api, token));
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("none")]
    [InlineData("presented_token")]
    [InlineData("bearer")]
    public async Task Unsupported_token_type_concerns_the_token_with_every_client_authentication_method(string method)
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod =
                method == "bearer"
                    ? ClientAuthenticationMethod.BearerCredential(_ => new("credential-of-the-api"))
                    : ClientAuthenticationMethod.Find(method)!
        );
        Server.RespondWith(400, Verdict);

        await AssertInactiveAsync(api, "what-the-caller-presents");

        Assert.Equal(1, Server.CallCount);
    }

    [Fact]
    public async Task Unsupported_token_type_applies_even_if_signed_responses_are_required()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.Http.On(
            "/introspect",
            static context =>
            {
                context.Response.StatusCode = 400;
                return MetadataServer.WriteAsync(context, Verdict);
            }
        );
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(401, await api.GetAsync("token"));
    }

    internal static Task<TestApi> StartWithHealthAsync(
        FakeAuthorizationServer server,
        TimeProvider time,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                    services.AddHealthChecks().AddOAuthIntrospection();
                },
                Time = time,
            }
        );

    internal static async Task<HealthReportEntry> CheckAsync(TestApi api) =>
        (await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["oauth_introspection"];

    internal static async Task AssertInactiveAsync(TestApi api, string token)
    {
        using HttpResponseMessage response = await api.GetAsync("/read", token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
