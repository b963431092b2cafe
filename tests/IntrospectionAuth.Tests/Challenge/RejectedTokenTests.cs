using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>
/// A policy that another scheme, such as a certificate or a key, satisfies in part: the challenge describes the result of the token, and
/// "insufficient scope" applies to an accepted token alone.
/// </summary>
public sealed class RejectedTokenTests : IAsyncDisposable
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Token = "opaque-4711";
    private const string NotActive = "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"";
    private const string Malformed = "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"";
    private const string NoScope =
        "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"admin\"";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    /// <summary>The token, the status and body of the server's response, and the challenge.</summary>
    public static TheoryData<string?, int, string, HttpStatusCode, string> Tokens =>
        new()
        {
            { Token, 200, """{"active":false}""", HttpStatusCode.Unauthorized, NotActive },
            { "not a token", 200, "", HttpStatusCode.BadRequest, Malformed },
            { Token, 500, "", HttpStatusCode.ServiceUnavailable, "" },
            { Token, 200, """{"active":true,"scope":"read"}""", HttpStatusCode.Forbidden, NoScope },
            { null, 200, "", HttpStatusCode.Forbidden, "" },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task The_challenge_describes_the_result_of_the_token(
        string? token,
        int status,
        string body,
        HttpStatusCode expected,
        string challenges
    )
    {
        _server.RespondWith(status, body);
        await using TestApi api = await StartAsync();

        // A cookie scheme that forbids redirects, and a filter of MVC challenges every scheme of its policy.
        bool isForbidden = expected == HttpStatusCode.Forbidden;
        foreach (
            string path in isForbidden
                ? ["/key-first", "/ours-first", "/filtered/plain"]
                : new[] { "/key-first", "/ours-first", "/cookie", "/filtered/plain" }
        )
        {
            using HttpResponseMessage response = await SendAsync(api, path, token, "good");

            string told = isForbidden
                ? response.Challenges()
                : response.Challenges().Replace("ApiKey realm=\"keys\"\n", "", StringComparison.Ordinal);
            Assert.Equal((path, expected, challenges), (path, response.StatusCode, told));
            Assert.Equal(expected == HttpStatusCode.ServiceUnavailable ? "5" : null, response.RetryAfter());
            Assert.Null(response.Headers.Location);
        }
    }

    [Theory]
    [InlineData("/role")]
    [InlineData("/gold")]
    [InlineData("/now")]
    public async Task The_challenge_describes_the_token_for_every_unmet_requirement(string path)
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, path, Token, "good");

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("/role")]
    [InlineData("/gold")]
    [InlineData("/key-first")]
    public async Task A_caller_that_another_scheme_authenticated_is_forbidden_without_a_token(string path)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, path, token: null, "good");

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    [Fact]
    public async Task A_403_of_another_scheme_does_not_replace_the_challenge()
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync(options => options.ForwardForbid = "Cookies");

        using HttpResponseMessage response = await SendAsync(api, "/key-first", Token, "good");

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive), (response.StatusCode, response.Challenges()));
    }

    [Fact]
    public async Task Problem_details_match_the_challenge_of_a_rejected_token()
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/key-first", Token, "good");

        Assert.Contains("\"error\":\"invalid_token\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"active":false}""")]
    [InlineData(500, "")]
    public async Task A_token_that_another_scheme_accepts_is_not_reported_as_invalid(int status, string body)
    {
        _server.RespondWith(status, body);
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/saving", Token, key: null);

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("query", 200, """{"active":false}""")]
    [InlineData("query", 500, "")]
    [InlineData("form", 200, """{"active":false}""")]
    [InlineData("form", 500, "")]
    public async Task A_token_that_another_scheme_accepts_is_recognized_in_form_and_query(string place, int status, string body)
    {
        _server.RespondWith(status, body);
        await using TestApi api = await StartAsync(options =>
        {
            options.TokenRetrieval.QueryPaths.Add("/saving");
            options.TokenRetrieval.FormBody = true;
        });

        using HttpResponseMessage response =
            place == "query"
                ? await api.Client.GetAsync("/saving?access_token=" + Token)
                : await api.Client.PostAsync("/saving", new FormUrlEncodedContent([new("access_token", Token)]));

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData(Token, NotActive)]
    [InlineData("not a token", Malformed)]
    public async Task Another_token_that_a_session_has_saved_does_not_hide_that_the_presented_one_is_rejected(
        string token,
        string challenges
    )
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, "/saving", token, key: null, saved: "saved-at-login");

        Assert.Equal(challenges, response.Challenges());
    }

    [Theory]
    [InlineData("/selector")]
    [InlineData("/front")]
    public async Task The_scheme_that_a_selector_or_another_scheme_forwards_to_challenges(string path)
    {
        _server.RespondWith(200, """{"active":false}""");
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await SendAsync(api, path, Token, "good");

        Assert.Equal((HttpStatusCode.Unauthorized, NotActive), (response.StatusCode, response.Challenges()));
    }

    [Fact]
    public async Task A_token_that_an_event_rejects_is_challenged_and_not_forbidden()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnTokenValidated = context =>
            {
                context.Fail("suspended");
                return Task.CompletedTask;
            }
        );

        using HttpResponseMessage response = await SendAsync(api, "/key-first", _server.IssueToken("admin"), "good");

        Assert.Equal(
            (HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\", error_description=\"The access token was not accepted.\""),
            (response.StatusCode, response.Challenges())
        );
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_scheme_that_rejected_the_token_names_no_scopes(string order)
    {
        await using var other = FakeAuthorizationServer.Create();
        _server.RespondWith(200, """{"active":false}""");
        other.RespondWith(200, """{"active":true,"scope":"read"}""");
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication("A")
                        .AddOAuthIntrospection("A", options => options.Realm = "A")
                        .AddOAuthIntrospection("B", options => options.Realm = "B");
                    services.UseFakeAuthorizationServer(_server, "A").UseFakeAuthorizationServer(other, "B");
                },
                Schemes = [],
                Endpoints = app =>
                    app.MapGet("/both", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(order.Split(',')).RequireScope("admin").Build()),
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/both", Token);

        Assert.Equal(
            (HttpStatusCode.Forbidden, NoScope.Replace("Bearer ", "Bearer realm=\"B\", ", StringComparison.Ordinal)),
            (response.StatusCode, response.Challenges())
        );
        Assert.Contains("\"error\":\"insufficient_scope\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_outside_the_policy_names_no_scopes_when_it_forbids()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication(options => (options.DefaultScheme, options.DefaultForbidScheme) = (ApiKeyHandler.Name, Ours))
                        .AddOAuthIntrospection()
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null),
                Endpoints = app => app.MapGet("/admin", () => "").RequireAuthorization(policy => policy.RequireScope("admin")),
            }
        );

        using HttpResponseMessage response = await SendAsync(api, "/admin", _server.IssueToken("admin"), "good");

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApi api, string path, string? token, string? key, string? saved = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        if (saved is not null)
            request.Headers.Add(SavingHandler.Saved, saved);
        return await api.Client.SendAsync(request);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication(Ours)
                        .AddOAuthIntrospection(options => configure?.Invoke(options))
                        .AddOAuthIntrospection("Front", options => (options.Realm, options.ForwardAuthenticate) = ("front", Ours))
                        .AddBearerSelector("Selector", selector => selector.ForwardOpaque(Ours).DefaultScheme = Ours)
                        .AddCookie("Cookies", options => options.ForwardAuthenticate = ApiKeyHandler.Name)
                        .AddScheme<AuthenticationSchemeOptions, SavingHandler>(nameof(SavingHandler), configureOptions: null)
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                    var filter = new AuthorizationPolicyBuilder(ApiKeyHandler.Name, Ours).RequireScope("admin").Build();
                    services
                        .AddControllers(mvc => mvc.Filters.Add(new AuthorizeFilter(filter)))
                        .AddApplicationPart(typeof(RejectedTokenTests).Assembly);
                },
                Schemes = [Ours, "Front"],
                Endpoints = app =>
                {
                    app.MapGet("/selector", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name, "Selector").RequireScope("admin").Build());
                    app.MapGet("/front", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Name, "Front").RequireScope("admin").Build());

                    string[] both = [ApiKeyHandler.Name, Ours];
                    app.MapGet("/key-first", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireScope("admin").Build());
                    app.MapGet("/ours-first", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(Ours, ApiKeyHandler.Name).RequireScope("admin").Build());
                    app.MapGet("/cookie", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(Ours, "Cookies").RequireScope("admin").Build());
                    app.MapGet("/role", () => "").RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireRole("editor").Build());
                    app.MapGet("/gold", () => "").RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireAcr("gold").Build());
                    app.MapGet("/now", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(both).RequireAuthenticatedUser().Build())
                        .RequireFreshToken(TimeSpan.Zero);
                    app.MapMethods("/saving", ["GET", "POST"], () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(nameof(SavingHandler), Ours).RequireScope("admin").Build());
                    app.MapControllers();
                },
            }
        );

    /// <summary>Another scheme that accepts the same bearer token and saves it as AddJwtBearer does.</summary>
    private sealed class SavingHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        /// <summary>The header with a token that was saved earlier, as a session has it.</summary>
        public const string Saved = "X-Saved-Token";

        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string? token =
                Request.Headers[Saved] is [{ } saved] ? saved
                : Request.Headers.Authorization is [{ } header] ? header["Bearer ".Length..]
                : Request.HasFormContentType ? (await Request.ReadFormAsync())["access_token"]
                : Request.Query["access_token"];
            var properties = new AuthenticationProperties();
            properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = token! }]);
            return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(Scheme.Name)), properties, Scheme.Name));
        }
    }
}
