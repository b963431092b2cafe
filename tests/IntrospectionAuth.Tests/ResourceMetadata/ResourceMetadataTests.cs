using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.ResourceMetadata;

public sealed class ResourceMetadataTests : IAsyncDisposable
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";
    private const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_metadata_reflects_the_options()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resource = "https://api.example.com";
            options.Authority = "https://auth.example.com";
            options.ResourceMetadata.ScopesSupported.Add("read write");
            options.ResourceMetadata.ScopesSupported.Add("read");
            options.ResourceMetadata.ResourceName = "The API";
            options.ResourceMetadata.ResourceDocumentation = "https://docs.example.com/api";
            options.ResourceMetadata.Members["resource_policy_uri"] = "https://example.com/policy";
        });

        using HttpResponseMessage response = await api.GetAsync(WellKnown, token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
        await AssertBodyAsync(
            """
            {
              "resource": "https://api.example.com",
              "authorization_servers": ["https://auth.example.com"],
              "scopes_supported": ["read", "write"],
              "bearer_methods_supported": ["header"],
              "resource_name": "The API",
              "resource_documentation": "https://docs.example.com/api",
              "resource_policy_uri": "https://example.com/policy"
            }
            """,
            response
        );
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_form_body_is_listed_when_tokens_are_read_from_it()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resource = "https://api.example.com";
            options.TokenRetrieval.FormBody = true;
            options.TokenRetrieval.QueryPaths.Add("/hubs"); // for clients that cannot set a header, so not published
        });

        await AssertMetadataAsync(
            api,
            WellKnown,
            """{"resource":"https://api.example.com","bearer_methods_supported":["header","body"]}"""
        );
    }

    [Fact]
    public async Task A_member_without_a_value_is_omitted()
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com/");

        await AssertMetadataAsync(api, WellKnown, """{"resource":"https://api.example.com/","bearer_methods_supported":["header"]}""");
    }

    [Fact]
    public async Task Configured_authorization_servers_replace_the_authority()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resource = "https://api.example.com";
            options.Authority = "https://auth.example.com";
            options.ResourceMetadata.AuthorizationServers.Add("https://one.example.com/");
            options.ResourceMetadata.AuthorizationServers.Add("https://two.example.com");
        });

        JsonObject metadata = await ReadAsync(api, WellKnown);

        Assert.Equal("""["https://one.example.com/","https://two.example.com"]""", metadata["authorization_servers"]!.ToJsonString());
    }

    [Theory]
    [InlineData("https://api.example.com/mcp", WellKnown + "/mcp", HttpStatusCode.OK)]
    [InlineData("https://api.example.com/mcp", WellKnown + "/mcp?x=1", HttpStatusCode.OK)]
    [InlineData("https://api.example.com/mcp", WellKnown, HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com/mcp", WellKnown + "/mcp/", HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com/mcp", WellKnown + "/MCP", HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com/mcp", WellKnown + "/mcp/other", HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com/mcp/", WellKnown + "/mcp/", HttpStatusCode.OK)]
    [InlineData("https://api.example.com", WellKnown + "/mcp", HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com", WellKnown + "/", HttpStatusCode.NotFound)]
    [InlineData("https://api.example.com/a%20b/%C3%A9", WellKnown + "/a%20b/%C3%A9", HttpStatusCode.OK)]
    [InlineData("https://api.example.com/mcp?tenant=1", WellKnown + "/mcp?tenant=1", HttpStatusCode.OK)]
    [InlineData("https://api.example.com/mcp?tenant=1", WellKnown + "/mcp?tenant=2", HttpStatusCode.NotFound)]
    public async Task The_metadata_is_served_at_the_URL_of_the_challenge_alone(string resource, string path, HttpStatusCode status)
    {
        await using TestApi api = await StartAsync(options => options.Resource = resource);

        using HttpResponseMessage response = await api.GetAsync(path, token: null);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_resource_there_is_no_metadata_and_the_challenge_names_none()
    {
        await using TestApi api = await StartAsync(_ => { });

        using HttpResponseMessage metadata = await api.GetAsync(WellKnown, token: null);
        using HttpResponseMessage refused = await api.GetAsync("/me", token: null);

        Assert.Equal(HttpStatusCode.NotFound, metadata.StatusCode);
        Assert.Equal("Bearer", refused.Challenges());
    }

    [Theory]
    [InlineData("evil.example.com", null)]
    [InlineData("evil.example.com", "evil.example.com")]
    [InlineData("api.example.com", "evil.example.com")]
    public async Task Headers_of_the_request_do_not_affect_the_metadata(string host, string? forwardedHost)
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com/mcp");

        foreach (
            (string path, string expected) in new[]
            {
                (WellKnown + "/mcp", "https://api.example.com/mcp"),
                ("/me", "https://api.example.com" + WellKnown + "/mcp"),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            if (forwardedHost is not null)
                request.Headers.Add("X-Forwarded-Host", forwardedHost);
            using HttpResponseMessage response = await api.Client.SendAsync(request);

            string told = response.Challenges() + await response.Content.ReadAsStringAsync();
            Assert.Contains($"\"{expected}\"", told, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task The_metadata_endpoint_allows_GET_and_HEAD_alone(string method)
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com");

        using HttpResponseMessage response = await api.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), WellKnown));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task HEAD_returns_headers_without_a_body()
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com");
        using HttpResponseMessage whole = await api.GetAsync(WellKnown, token: null);

        using HttpResponseMessage response = await api.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, WellKnown));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentLength, response.Content.Headers.ContentLength);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a token")]
    [InlineData("unknown")]
    public async Task The_metadata_is_anonymous_despite_a_fallback_policy(string? token)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => options.Resource = "https://api.example.com");
                    services
                        .AddAuthorizationBuilder()
                        .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                },
                Endpoints = app => app.MapProtectedResourceMetadata(),
            }
        );

        using HttpResponseMessage response = await api.GetAsync(WellKnown, token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Every_challenge_names_the_URL_of_the_metadata()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resource = "https://api.example.com/mcp";
            options.Realm = "api";
            options.Audiences.Add("api");
        });
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["write"];
            it.Audiences = ["api"];
        });
        string foreign = _server.IssueToken(it => it.Audiences = ["other"]);
        const string parameter = "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource/mcp\"";

        Assert.Equal($"Bearer realm=\"api\", {parameter}", await ChallengeAsync(api, "/me", null));
        Assert.Equal($"Bearer realm=\"api\", scope=\"read\", {parameter}", await ChallengeAsync(api, "/read", null));
        foreach (string? refused in new[] { "not a token", "unknown", foreign, token })
        {
            string challenge = await ChallengeAsync(api, "/read", refused);
            Assert.Contains("error=", challenge, StringComparison.Ordinal);
            Assert.EndsWith($", {parameter}", challenge, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_503_names_no_metadata()
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com");
        _server.RespondWith(500);

        using HttpResponseMessage response = await api.GetAsync("/me", "unknown");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("", response.Challenges());
    }

    [Fact]
    public async Task An_event_may_change_the_metadata_URL_and_its_value_is_escaped()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resource = "https://api.example.com/a\"b".Replace("\"", "%22", StringComparison.Ordinal);
            options.Events.OnChallenge = context =>
            {
                Assert.Equal("https://api.example.com/.well-known/oauth-protected-resource/a%22b", context.ResourceMetadata);
                context.ResourceMetadata = "https://x/\"\r\nSet-Cookie: a=b";
                return Task.CompletedTask;
            };
        });

        Assert.Equal("Bearer resource_metadata=\"https://x/\\\"??Set-Cookie: a=b\"", await ChallengeAsync(api, "/me", null));
    }

    [Fact]
    public async Task Schemes_of_different_resources_have_separate_metadata()
    {
        await using TestApi api = await StartSchemesAsync(
            a =>
            {
                a.Resource = "https://api.example.com/a";
                a.Authority = "https://one.example.com";
            },
            b =>
            {
                b.Resource = "https://api.example.com/b";
                b.Authority = "https://two.example.com";
            }
        );

        await AssertMetadataAsync(
            api,
            WellKnown + "/a",
            """{"resource":"https://api.example.com/a","authorization_servers":["https://one.example.com"],"bearer_methods_supported":["header"]}"""
        );
        await AssertMetadataAsync(
            api,
            WellKnown + "/b",
            """{"resource":"https://api.example.com/b","authorization_servers":["https://two.example.com"],"bearer_methods_supported":["header"]}"""
        );
        Assert.Equal(
            "Bearer resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource/a\"\n"
                + "Bearer resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource/b\"",
            await ChallengeAsync(api, "/both", null)
        );
    }

    [Fact]
    public async Task Schemes_of_one_resource_share_its_metadata()
    {
        await using TestApi api = await StartSchemesAsync(
            a =>
            {
                a.Resource = "https://api.example.com";
                a.Authority = "https://one.example.com";
                a.ResourceMetadata.ScopesSupported.Add("read");
                a.ResourceMetadata.Members["resource_tos_uri"] = "https://example.com/tos";
            },
            b =>
            {
                b.Resource = "https://api.example.com";
                b.Authority = "https://two.example.com";
                b.ResourceMetadata.ScopesSupported.Add("read write");
                b.ResourceMetadata.ResourceName = "The API";
                b.ResourceMetadata.Members["resource_tos_uri"] = "https://example.com/other";
            }
        );

        await AssertMetadataAsync(
            api,
            WellKnown,
            """
            {
              "resource": "https://api.example.com",
              "authorization_servers": ["https://one.example.com", "https://two.example.com"],
              "scopes_supported": ["read", "write"],
              "bearer_methods_supported": ["header"],
              "resource_name": "The API",
              "resource_tos_uri": "https://example.com/tos"
            }
            """
        );
    }

    [Theory]
    [InlineData("one.example.com", "https://one.example.com")]
    [InlineData("TWO.example.com", "https://two.example.com")]
    [InlineData("evil.example.com", "https://one.example.com")]
    public async Task The_host_of_the_request_selects_among_configured_resources(string host, string resource)
    {
        await using TestApi api = await StartSchemesAsync(
            a => a.Resource = "https://one.example.com",
            b => b.Resource = "https://two.example.com"
        );

        using var request = new HttpRequestMessage(HttpMethod.Get, WellKnown);
        request.Headers.Host = host;
        using HttpResponseMessage response = await api.Client.SendAsync(request);

        JsonNode metadata = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(resource, (string?)metadata["resource"]);
    }

    [Theory]
    [InlineData("xn--bcher-kva.example.com", "https://xn--bcher-kva.example.com")]
    [InlineData("xn--0", "https://one.example.com")]
    [InlineData("xn--99999999999", "https://one.example.com")]
    public async Task A_host_is_compared_in_ASCII_and_an_invalid_one_does_not_throw(string host, string resource)
    {
        await using KestrelApi api = await KestrelApi.StartAsync(
            services =>
            {
                // ASP.NET Core throws when it logs such a host
                services.PostConfigure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Warning);
                services
                    .AddAuthentication("A")
                    .AddOAuthIntrospection("A", options => options.Resource = "https://one.example.com")
                    .AddOAuthIntrospection("B", options => options.Resource = "https://xn--bcher-kva.example.com");
                services.UseFakeAuthorizationServer(_server, "A").UseFakeAuthorizationServer(_server, "B");
            },
            app => app.MapProtectedResourceMetadata()
        );

        using var request = new HttpRequestMessage(HttpMethod.Get, WellKnown);
        request.Headers.Host = host;
        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(
            (HttpStatusCode.OK, resource),
            (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["resource"])
        );
    }

    [Fact]
    public async Task CollectScopes_adds_the_scopes_of_the_endpoints()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication(Scheme)
                        .AddOAuthIntrospection(options =>
                        {
                            options.Resource = "https://api.example.com";
                            options.ResourceMetadata.CollectScopes = true;
                            options.ResourceMetadata.ScopesSupported.Add("offline_access");
                        })
                        .AddOAuthIntrospection(
                            "other",
                            options =>
                            {
                                options.Resource = "https://api.example.com/other";
                                options.ResourceMetadata.CollectScopes = true;
                            }
                        )
                        .AddPolicyScheme("any", displayName: null, any => any.ForwardDefault = "other")
                        .AddBearerSelector("selector", selector => selector.ForwardPrefix("o_", "other").DefaultScheme = "cookies")
                        .AddCookie("cookies");
                    services.AddAuthorizationBuilder().AddPolicy("named", policy => policy.RequireScope("by-policy"));
                },
                Schemes = [Scheme, "other"],
                Endpoints = app =>
                {
                    app.MapProtectedResourceMetadata();
                    app.MapGet("/attribute", [RequireScope("by-attribute")] () => "");
                    app.MapGroup("/group").RequireScope("by-group").MapGet("/inside", () => "").RequireAnyScope("either", "or");
                    app.MapGet("/named", () => "").RequireAuthorization("named");
                    app.MapGet("/open", () => "").RequireScope("never-needed").AllowAnonymous();
                    app.MapGet("/other", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder("other").RequireScope("other").Build());
                    app.MapGet("/any", () => "").RequireAuthorization(new AuthorizationPolicyBuilder("any").RequireScope("any").Build());
                    app.MapGet("/selected", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder("selector").RequireScope("selected").Build());
                },
            }
        );

        Assert.Equal(
            ["any", "by-attribute", "by-group", "by-policy", "either", "offline_access", "or", "read", "write"],
            await ScopesAsync(api, WellKnown)
        );
        Assert.Equal(["any", "other", "selected"], await ScopesAsync(api, WellKnown + "/other"));
    }

    [Fact]
    public async Task The_scopes_of_the_endpoints_are_not_published_by_default()
    {
        await using TestApi api = await StartAsync(options => options.Resource = "https://api.example.com");

        Assert.False((await ReadAsync(api, WellKnown)).ContainsKey("scopes_supported"));
    }

    [Fact]
    public async Task An_endpoint_whose_policy_does_not_exist_yet_hides_the_scopes_of_no_other()
    {
        var policies = new LatePolicy();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddSingleton<IAuthorizationPolicyProvider>(policies);
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(static options =>
                        {
                            options.Resource = "https://api.example.com";
                            options.ResourceMetadata.CollectScopes = true;
                        });
                },
                Endpoints = static app =>
                {
                    app.MapProtectedResourceMetadata();
                    app.MapGet("/late", () => "").RequireAuthorization("late");
                },
            }
        );

        Assert.Equal(["read", "write"], await ScopesAsync(api, WellKnown));
        policies.Late = new AuthorizationPolicyBuilder().RequireScope("late").Build();
        Assert.Equal(["late", "read", "write"], await ScopesAsync(api, WellKnown));
    }

    [Fact]
    public async Task A_scheme_without_valid_options_takes_the_metadata_from_no_other()
    {
        await using TestApi api = await StartAsync(static options => options.Resource = "https://api.example.com");
        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Type handler = (await schemes.GetSchemeAsync(Scheme))!.HandlerType;

        schemes.AddScheme(new AuthenticationScheme("invalid", displayName: null, handler));

        Assert.Equal("https://api.example.com", (string?)(await ReadAsync(api, WellKnown))["resource"]);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions> configure) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(configure),
                Endpoints = app => app.MapProtectedResourceMetadata(),
            }
        );

    private Task<TestApi> StartSchemesAsync(Action<OAuthIntrospectionOptions> a, Action<OAuthIntrospectionOptions> b) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication("A").AddOAuthIntrospection("A", a).AddOAuthIntrospection("B", b),
                Schemes = ["A", "B"],
                Endpoints = app =>
                {
                    app.MapProtectedResourceMetadata();
                    app.MapGet("/both", () => "")
                        .RequireAuthorization(new AuthorizationPolicyBuilder("A", "B").RequireAuthenticatedUser().Build());
                },
            }
        );

    private static async Task<string> ChallengeAsync(TestApi api, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage response = await api.Client.SendAsync(request);
        return response.Challenges();
    }

    private static async Task<IEnumerable<string>> ScopesAsync(TestApi api, string path)
    {
        string[] scopes = [.. (await ReadAsync(api, path))["scopes_supported"]!.AsArray().Select(scope => (string)scope!)];
        return scopes.Order(StringComparer.Ordinal);
    }

    private static async Task<JsonObject> ReadAsync(TestApi api, string path) =>
        JsonNode.Parse(await api.Client.GetStringAsync(path))!.AsObject();

    private static async Task AssertMetadataAsync(TestApi api, string path, string expected)
    {
        using HttpResponseMessage response = await api.GetAsync(path, token: null);
        await AssertBodyAsync(expected, response);
    }

    private static async Task AssertBodyAsync(string expected, HttpResponseMessage response) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(await response.Content.ReadAsStringAsync())!.ToJsonString());

    private sealed class LatePolicy() : DefaultAuthorizationPolicyProvider(Options.Create(new AuthorizationOptions()))
    {
        public AuthorizationPolicy? Late { get; set; }

        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            policyName == "late" ? Task.FromResult(Late) : base.GetPolicyAsync(policyName);
    }
}
