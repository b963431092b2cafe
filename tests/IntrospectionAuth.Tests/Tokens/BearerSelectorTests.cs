using System.Buffers.Text;
using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>
/// An API with two authorization servers, over real sockets: each token is sent only to the server that the rules choose.
/// </summary>
public sealed class BearerSelectorTests : IAsyncLifetime
{
    private const string IssuerOfA = "https://a.example.com",
        IssuerOfB = "https://b.example.com";

    private FakeAuthorizationServer _a = null!;
    private FakeAuthorizationServer _b = null!;

    public async ValueTask InitializeAsync()
    {
        _a = await FakeAuthorizationServer.ListenAsync();
        _b = await FakeAuthorizationServer.ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_prefix_chooses_the_scheme()
    {
        await using KestrelApi api = await StartAsync(selector =>
            selector.ForwardPrefix("a_", "A").ForwardPrefix("b_", "B").DefaultScheme = "A"
        );

        await AssertJudgedAsync(api, "a_1", "A");
        await AssertJudgedAsync(api, "b_1", "B");
        await AssertJudgedAsync(api, "B_1", "A");
        await AssertJudgedAsync(api, "else", "A");
    }

    [Fact]
    public async Task The_JWT_format_chooses_the_scheme()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardJwt("B").ForwardOpaque("A").DefaultScheme = "B");

        await AssertJudgedAsync(api, "opaque", "A");
        await AssertJudgedAsync(api, "a.b.c", "A");
        await AssertJudgedAsync(api, Jwt(IssuerOfA), "B");
    }

    [Fact]
    public async Task A_listed_issuer_chooses_the_scheme_and_another_has_no_effect()
    {
        await using var elsewhere = await FakeAuthorizationServer.ListenAsync();
        await using KestrelApi api = await StartAsync(selector =>
            selector.ForwardIssuer(IssuerOfB, "B").ForwardIssuer(IssuerOfA, "A").DefaultScheme = "A"
        );

        await AssertJudgedAsync(api, Jwt(IssuerOfB), "B");
        await AssertJudgedAsync(api, Jwt(IssuerOfA), "A");
        await AssertJudgedAsync(api, Jwt(IssuerOfB + "/"), "A");
        await AssertJudgedAsync(api, Jwt(elsewhere.BaseAddress.ToString()), "A");
        await AssertJudgedAsync(api, Jwt(elsewhere.IntrospectionEndpoint), "A");
        Assert.Equal(0, elsewhere.CallCount);
    }

    [Fact]
    public async Task The_first_matching_rule_applies()
    {
        await using KestrelApi api = await StartAsync(selector =>
            selector.ForwardPrefix("x", "B").ForwardOpaque("A").ForwardPrefix("y", "B").DefaultScheme = "B"
        );

        await AssertJudgedAsync(api, "x1", "B");
        await AssertJudgedAsync(api, "y1", "A");
    }

    [Fact]
    public async Task A_path_chooses_the_scheme_by_segments()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardPath("/b", "B").DefaultScheme = "A");

        await AssertJudgedAsync(api, "1", "B", "/b");
        await AssertJudgedAsync(api, "2", "B", "/B/c");
        await AssertJudgedAsync(api, "3", "A", "/b2");
        await AssertJudgedAsync(api, "4", "A", "/");
    }

    [Theory]
    [InlineData("b.example.com", "b.example.com", "B")]
    [InlineData("b.example.com", "B.EXAMPLE.COM:8443", "B")]
    [InlineData("b.example.com", "bb.example.com", "A")]
    [InlineData("b.example.com", "b.example.com.evil.com", "A")]
    [InlineData("b.example.com:8443", "b.example.com:8443", "B")]
    [InlineData("b.example.com:8443", "b.example.com:8444", "A")]
    [InlineData("b.example.com:8443", "b.example.com", "A")]
    [InlineData("xn--bcher-kva.example.com", "xn--bcher-kva.example.com:8443", "B")]
    [InlineData("bücher.example.com", "xn--bcher-kva.example.com", "B")]
    [InlineData("xn--bcher-kva.example.com", "XN--BCHER-KVA.example.com", "B")]
    public async Task A_host_chooses_the_scheme(string rule, string host, string scheme)
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardHost(rule, "B").DefaultScheme = "A");

        await AssertJudgedAsync(api, "1", scheme, "/", host);
    }

    [Theory]
    [InlineData("xn--0")]
    [InlineData("xn--99999999999:8443")]
    [InlineData("xn--a-")]
    public async Task A_host_that_cannot_be_decoded_matches_no_rule_and_does_not_throw(string host)
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardHost("b.example.com", "B").DefaultScheme = "A",
            isQuiet: true
        );

        await AssertJudgedAsync(api, "1", "A", "/", host);
    }

    [Fact]
    public async Task Without_a_token_the_default_scheme_challenges()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardOpaque("A").ForwardPath("/b", "A").DefaultScheme = "B");

        Assert.Equal((401, "Bearer realm=\"B\""), await SendAsync(api, "/", null));
        Assert.Equal((401, "Bearer realm=\"A\""), await SendAsync(api, "/b", null));
        Assert.Equal((401, "Bearer realm=\"B\""), await SendAsync(api, "/", "Basic YTpi"));
        Assert.Equal((200, ""), await SendAsync(api, "/public", null));
    }

    [Fact]
    public async Task The_scheme_that_authenticates_also_challenges_and_forbids()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardPrefix("b_", "B").DefaultScheme = "A");
        _a.IssueToken(token => token.Value = "a_1");
        _b.IssueToken(token => token.Value = "b_1");

        Assert.Equal(
            (401, "Bearer realm=\"A\", error=\"invalid_token\", error_description=\"The access token is not active.\""),
            await SendAsync(api, "/", "Bearer a_unknown")
        );
        Assert.Equal(
            (401, "Bearer realm=\"B\", error=\"invalid_token\", error_description=\"The access token is not active.\""),
            await SendAsync(api, "/", "Bearer b_unknown")
        );
        Assert.Equal(
            (
                403,
                "Bearer realm=\"A\", error=\"insufficient_scope\", error_description=\"The access token lacks a required "
                    + "scope.\", scope=\"read\""
            ),
            await SendAsync(api, "/read", "Bearer a_1")
        );
        Assert.Equal(
            (
                403,
                "Bearer realm=\"B\", error=\"insufficient_scope\", error_description=\"The access token lacks a required "
                    + "scope.\", scope=\"read\""
            ),
            await SendAsync(api, "/read", "Bearer b_1")
        );
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer b_1 b_1")]
    [InlineData("Bearer b_1,")]
    public async Task A_malformed_token_is_400_without_a_call(string authorization)
    {
        await using KestrelApi api = await StartAsync(selector =>
            selector.ForwardJwt("ApiKey").ForwardPrefix("b_", "B").DefaultScheme = "ApiKey"
        );

        (int status, string challenge) = await SendAsync(api, "/", authorization);

        Assert.Equal(400, status);
        Assert.Contains("invalid_request", challenge, StringComparison.Ordinal);
        Assert.Equal(0, _a.CallCount + _b.CallCount);
    }

    [Fact]
    public async Task A_token_that_is_too_long_for_another_scheme_reaches_its_own()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardPrefix("a_", "A").ForwardOpaque("B").DefaultScheme = "A",
            a => a.MaximumTokenLength = 20
        );

        await AssertJudgedAsync(api, new string('b', 40), "B");
        Assert.Equal(400, (await SendAsync(api, "/", "Bearer a_" + new string('a', 40))).Status);
    }

    [Fact]
    public async Task A_rule_reads_the_token_where_its_scheme_reads_it()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardPrefix("b_", "B").ForwardOpaque("A").DefaultScheme = "B",
            a =>
            {
                a.TokenRetrieval.QueryPaths.Add("/hubs");
                a.TokenRetrieval.FormBody = true;
            }
        );

        using HttpResponseMessage query = await api.SendAsync(HttpMethod.Get, $"/hubs?access_token={Issue(_a, "query")}");
        using HttpResponseMessage form = await api.SendAsync(
            HttpMethod.Post,
            "/",
            new StringContent($"access_token={Issue(_a, "form")}", Encoding.ASCII, "application/x-www-form-urlencoded")
        );
        using HttpResponseMessage elsewhere = await api.SendAsync(HttpMethod.Get, $"/?access_token={Issue(_a, "elsewhere")}");
        using HttpResponseMessage twice = await api.SendAsync(HttpMethod.Get, "/hubs?access_token=query", authorization: "Bearer query");

        Assert.Equal("A", await query.Content.ReadAsStringAsync());
        Assert.Equal("A", await form.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        Assert.Equal(["query", "form"], _a.Calls.Select(call => call.Token));
        Assert.Equal(0, _b.CallCount);
    }

    [Fact]
    public async Task A_server_that_is_down_yields_503_only_for_its_own_tokens()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardPrefix("b_", "B").DefaultScheme = "A");
        _a.RespondWith(500);

        Assert.Equal((503, ""), await SendAsync(api, "/", "Bearer a_1"));
        await AssertJudgedAsync(api, "b_1", "B");
    }

    [Theory]
    [InlineData("Selector,ApiKey", "good", 200)]
    [InlineData("ApiKey,Selector", "good", 200)]
    [InlineData("Selector,ApiKey", "bad", 503)]
    [InlineData("ApiKey,Selector", "bad", 503)]
    [InlineData("Selector,ApiKey", null, 503)]
    [InlineData("Selector,B", null, 200)]
    [InlineData("B,Selector", null, 200)]
    public async Task A_server_that_is_down_does_not_affect_tokens_that_another_scheme_accepts(string schemes, string? key, int status)
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardOpaque("A").DefaultScheme = "A",
            endpoints: app =>
                app.MapGet("/both", () => "both")
                    .RequireAuthorization(new AuthorizationPolicyBuilder(schemes.Split(',')).RequireAuthenticatedUser().Build())
        );
        _a.RespondWith(500);
        _b.IssueToken(token => token.Value = "shared");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/both");
        request.Headers.Authorization = new("Bearer", "shared");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Ten_requests_with_one_token_make_one_call()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardPrefix("a_", "A").DefaultScheme = "B");
        Issue(_a, "a_1");

        for (int i = 0; i < 10; i++)
            Assert.Equal((200, ""), await SendAsync(api, "/", "Bearer a_1"));

        Assert.Equal(1, _a.CallCount);
        Assert.Equal(0, _b.CallCount);
    }

    [Fact]
    public async Task A_fresh_token_requirement_works_through_the_selector()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardPrefix("a_", "A").DefaultScheme = "B",
            endpoints: app => app.MapGet("/pay", () => "paid").RequireFreshToken(TimeSpan.Zero)
        );
        Issue(_a, "a_1");

        Assert.Equal((200, ""), await SendAsync(api, "/", "Bearer a_1"));
        Assert.Equal((200, ""), await SendAsync(api, "/pay", "Bearer a_1"));
        Assert.Equal(2, _a.CallCount);
    }

    private static string Jwt(string issuer) =>
        $"{Base64Url.EncodeToString("{\"alg\":\"RS256\"}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{{\"iss\":\"{issuer}\"}}"))}.c2lnbmF0dXJl";

    private static string Issue(FakeAuthorizationServer server, string token) => server.IssueToken(it => it.Value = token);

    private static async Task<(int Status, string Challenge)> SendAsync(KestrelApi api, string path, string? authorization)
    {
        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, path, authorization: authorization);
        return (
            (int)response.StatusCode,
            response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToString() : ""
        );
    }

    /// <summary>The token is active at both servers, but only the expected one may be called.</summary>
    private async Task AssertJudgedAsync(KestrelApi api, string token, string scheme, string path = "/", string? host = null)
    {
        Issue(_a, token);
        Issue(_b, token);
        int callsOfA = _a.CallCount,
            callsOfB = _b.CallCount;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Host = host;

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(scheme, await response.Content.ReadAsStringAsync());
        Assert.Equal(scheme == "A" ? (1, 0) : (0, 1), (_a.CallCount - callsOfA, _b.CallCount - callsOfB));
    }

    private Task<KestrelApi> StartAsync(
        Action<BearerSelectorOptions> select,
        Action<OAuthIntrospectionOptions>? configureA = null,
        Action<WebApplication>? endpoints = null,
        bool isQuiet = false
    ) =>
        KestrelApi.StartAsync(
            services =>
            {
                if (isQuiet) // ASP.NET Core throws when it logs a host that cannot be decoded
                    services.PostConfigure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Warning);
                services
                    .AddAuthentication("Selector")
                    .AddBearerSelector("Selector", select)
                    .AddOAuthIntrospection(
                        "A",
                        options =>
                        {
                            options.Realm = "A";
                            configureA?.Invoke(options);
                        }
                    )
                    .AddOAuthIntrospection("B", options => options.Realm = "B")
                    .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                services.UseFakeAuthorizationServer(_a, "A").UseFakeAuthorizationServer(_b, "B");
            },
            app =>
            {
                endpoints?.Invoke(app);
                app.MapGet("/read", () => "read").RequireAuthorization("scope:read");
                app.Map("/{**rest}", (HttpContext context) => context.User.Identity!.AuthenticationType).RequireAuthorization();
            }
        );
}
