using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.DiagnosticsPage;

/// <summary>Who may open the diagnostics page, and where it exists.</summary>
public sealed class PageAccessTests
{
    private const string Page = "/_introspection";

    private static readonly Dictionary<string, Action<IEndpointConventionBuilder>> s_requirementsOfAnyCaller = new(StringComparer.Ordinal)
    {
        ["RequireFreshToken"] = static page => page.RequireFreshToken(TimeSpan.Zero),
        ["[RequireFreshToken]"] = static page => page.WithMetadata(new RequireFreshTokenAttribute(60)),
        ["RequireRecentAuthentication"] = static page => page.RequireRecentAuthentication(TimeSpan.FromDays(36_500)),
        ["[RequireRecentAuthentication]"] = static page => page.WithMetadata(new RequireRecentAuthenticationAttribute(int.MaxValue)),
        ["RequireAcr"] = static page => page.RequireAcr("mfa"),
        ["[RequireAcr]"] = static page => page.WithMetadata(new RequireAcrAttribute("mfa")),
        ["RequireTenant"] = static page => page.RequireTenant("org_id", header: "X-Org-Id"),
        ["[RequireTenant]"] = static page => page.WithMetadata(new RequireTenantAttribute("org_id", header: "X-Org-Id")),
    };

    public static TheoryData<string> Documents =>
        [Page, Page + "/page.css", Page + "/page.js", Page + "/decisions.json", Page + "/schemes.json", Page + "/cache.json"];

    [Theory]
    [InlineData("Development", HttpStatusCode.OK)]
    [InlineData("Production", HttpStatusCode.NotFound)]
    public async Task The_sample_api_has_the_page_in_Development_only(string environment, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseEnvironment(environment).ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();

        using HttpResponseMessage response = await client.GetAsync(Page);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task In_Development_the_page_is_open_despite_a_fallback_policy_and_sent_with_safe_headers(string document)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, "Development", static _ => { });

        using HttpResponseMessage response = await api.GetAsync(document, token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("evil.example", "", HttpStatusCode.Forbidden)] // a website that gave its name the address of this machine
    [InlineData("127.0.0.1.evil.example", "", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "same-site", HttpStatusCode.Forbidden)] // another application on this machine
    [InlineData("localhost", "same-origin", HttpStatusCode.OK)]
    [InlineData("localhost:5080", "", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5080", "none", HttpStatusCode.OK)]
    [InlineData("[::1]:5080", "none", HttpStatusCode.OK)]
    [InlineData("api", "", HttpStatusCode.OK)] // a service of a compose file
    [InlineData("orders.dev.localhost", "", HttpStatusCode.OK)]
    [InlineData("xn--bcher-kva.localhost", "", HttpStatusCode.OK)]
    public async Task The_open_page_serves_its_own_origin_under_a_local_name_only(string host, string site, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, "Development", static _ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, Page + "/decisions.json");
        request.Headers.Host = host;
        if (site.Length > 0)
            request.Headers.Add("Sec-Fetch-Site", site);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", "localhost", HttpStatusCode.Forbidden)] // a script of a website may add the header
    [InlineData("localhost", "evil.example", HttpStatusCode.Forbidden)] // a tunnel
    [InlineData("localhost:5080", "127.0.0.1", HttpStatusCode.OK)]
    public async Task A_forwarded_host_does_not_open_the_page_under_another_name(string host, string forwarded, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Environment = "Development",
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app =>
                {
                    app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost });
                    app.MapOAuthIntrospectionDiagnostics();
                },
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, Page + "/decisions.json");
        request.Headers.Host = host;
        request.Headers.Add("X-Forwarded-Host", forwarded);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "orders.tunnel.example", HttpStatusCode.Forbidden)] // it calls this machine by localhost
    [InlineData("X-Forwarded-Host", "localhost, orders.tunnel.example", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Host", "orders.tunnel.example,localhost:5080", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Host", "localhost:5173, 127.0.0.1:5080", HttpStatusCode.OK)] // a development server for the front end
    [InlineData("Forwarded", "host=orders.tunnel.example", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "for=192.0.2.1; Host=\"orders.tunnel.example:443\";proto=https", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "host=localhost, for=192.0.2.1;host=orders.tunnel.example", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "host=\"orders\\.tunnel\\.example\"", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "host=\"localhost;orders.tunnel.example\"", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "orders.tunnel.example", HttpStatusCode.Forbidden)] // cannot be read
    [InlineData("Forwarded", "for=\"[2001:db8::1]:4711\";host=\"localhost:5173\";proto=http,for=192.0.2.1", HttpStatusCode.OK)]
    public async Task A_tunnel_does_not_open_the_page_to_the_world_although_nothing_reads_its_header(
        string header,
        string forwarded,
        HttpStatusCode expected
    )
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, "Development", static _ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, Page + "/decisions.json");
        request.Headers.Host = "localhost:5080";
        Assert.True(request.Headers.TryAddWithoutValidation(header, forwarded));

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_cors_policy_for_all_origins_does_not_open_the_page_to_other_sites()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Environment = "Development",
                Services = services =>
                {
                    services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin()));
                    services.AddAuthentication().AddOAuthIntrospection();
                },
                Endpoints = app =>
                {
                    app.UseRouting();
                    app.UseCors();
                    app.UseAuthorization();
                    app.MapGet("/open", () => "open");
                    app.MapOAuthIntrospectionDiagnostics();
                },
            }
        );

        Assert.Equal((HttpStatusCode.OK, "open"), await ReadFromOtherSiteAsync("/open"));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "The diagnostics page does not serve other sites."),
            await ReadFromOtherSiteAsync(Page + "/decisions.json")
        );

        async Task<(HttpStatusCode Status, string Body)> ReadFromOtherSiteAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Origin", "https://evil.example");
            using HttpResponseMessage response = await api.Client.SendAsync(request);
            Assert.True(path != "/open" || response.Headers.Contains("Access-Control-Allow-Origin"));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("xn--0.example", null, HttpStatusCode.Forbidden)] // Request.Host throws, as the test server does
    [InlineData("xn--0.localhost", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("xn--0.localhost", "http://xn--0.localhost", HttpStatusCode.OK)] // the page's own script
    [InlineData("xn--bcher-kva.localhost", "http://xn--bcher-kva.localhost", HttpStatusCode.OK)]
    public async Task The_host_is_compared_as_it_was_sent(string host, string? origin, HttpStatusCode expected)
    {
        await using PageHost page = await PageHost.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, page.Page + "/decisions.json");
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public Task Outside_Development_the_start_fails_without_a_policy() => AssertStartFailsAsync(static _ => { });

    [Fact]
    public Task Outside_Development_authentication_alone_is_no_policy() => AssertStartFailsAsync(page => page.RequireAuthorization());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public Task Outside_Development_a_policy_without_a_name_is_no_policy(string name) =>
        AssertStartFailsAsync(page => page.RequireAuthorization(name)); // ASP.NET Core takes the default policy

    [Fact]
    public Task Outside_Development_a_requirement_that_nothing_enforces_without_the_middleware_is_no_policy() =>
        AssertStartFailsAsync(page => page.WithMetadata(new RequirementAlone()));

    /// <summary>Every customer of an API can meet such a requirement.</summary>
    [Theory]
    [MemberData(nameof(RequirementsOfAnyCaller))]
    public Task Outside_Development_a_requirement_that_any_caller_can_meet_is_no_policy(string name) =>
        AssertStartFailsAsync(page => s_requirementsOfAnyCaller[name](page));

    [Theory]
    [MemberData(nameof(RequirementsOfAnyCaller))]
    public async Task Outside_Development_such_a_requirement_is_enforced_beside_a_policy(string name)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            "Production",
            page => s_requirementsOfAnyCaller[name](page.WithMetadata(new RequireScopeAttribute("admin")))
        );

        await api.AssertStatusAsync(Page, token: null, HttpStatusCode.Unauthorized);
        api.Client.DefaultRequestHeaders.Add("X-Org-Id", "org-1");
        await api.AssertStatusAsync(Page, server.IssueToken(static it => CompleteToken(it, "read")), HttpStatusCode.Forbidden);
        await api.AssertStatusAsync(Page, server.IssueToken(static it => CompleteToken(it, "admin")), HttpStatusCode.OK);
    }

    [Fact]
    public Task Outside_Development_the_start_fails_when_anonymous_callers_are_allowed() =>
        AssertStartFailsAsync(page => page.RequireAuthorization("scope:admin").AllowAnonymous());

    [Theory]
    [InlineData("admin", HttpStatusCode.OK)]
    [InlineData("read", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Outside_Development_the_policy_of_the_page_decides(string? scope, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, "Production", page => page.RequireAuthorization("scope:admin"));

        foreach (string document in Documents.Select(row => row.Data))
            await api.AssertStatusAsync(document, scope is null ? null : server.IssueToken(scope), expected);
    }

    [Fact]
    public async Task A_policy_of_a_group_counts()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app => app.MapGroup("/ops").RequireScope("admin").MapOAuthIntrospectionDiagnostics("/why"),
            }
        );

        await api.AssertStatusAsync("/ops/why", server.IssueToken("admin"), HttpStatusCode.OK);
        await api.AssertStatusAsync("/ops/why", server.IssueToken("read"), HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/_introspection", "\"./_introspection/page.js\"")]
    [InlineData("/_introspection/", "\"./page.js\"")]
    public async Task The_page_finds_its_files_with_and_without_a_slash_at_the_end(string path, string expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, "Development", static _ => { });

        Assert.Contains(expected, await api.Client.GetStringAsync(path), StringComparison.Ordinal);
    }

    public static TheoryData<string> RequirementsOfAnyCaller => [.. s_requirementsOfAnyCaller.Keys];

    /// <summary>Meets each of the requirements.</summary>
    private static void CompleteToken(FakeToken token, string scope)
    {
        token.Scopes = [scope];
        token.OrganizationId = "org-1";
        token.Members["acr"] = "mfa";
        token.Members["auth_time"] = 1_000_000_000;
    }

    private static async Task AssertStartFailsAsync(Action<IEndpointConventionBuilder> convention)
    {
        await using var server = FakeAuthorizationServer.Create();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(server, "Production", convention));

        Assert.Contains("/_introspection must require a policy", fault.Message, StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        string environment,
        Action<IEndpointConventionBuilder> convention
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Environment = environment,
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection();
                    services.AddAuthorizationBuilder().SetFallbackPolicy(new([new DenyAll()], []));
                },
                Endpoints = app => convention(app.MapOAuthIntrospectionDiagnostics()),
            }
        );

    private sealed class DenyAll : IAuthorizationRequirement;

    private sealed class RequirementAlone : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new DenyAll()];
    }
}
