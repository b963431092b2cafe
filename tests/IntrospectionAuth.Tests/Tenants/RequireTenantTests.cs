using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Notifications;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Tenants;

/// <summary>APIs for many tenants: a token is authorized for the tenant that it was issued for.</summary>
public sealed class RequireTenantTests : IAsyncDisposable
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Token = "opaque-4711";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/workspaces/{0}")]
    [InlineData("/groups/{0}/notes")]
    [InlineData("/policies/{0}")]
    [InlineData("/attributes/{0}")]
    [InlineData("/tenant/{0}/one")]
    [InlineData("/catch-all/{0}")]
    public async Task A_token_is_authorized_for_its_own_tenant_alone(string route)
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken(it => it.WorkspaceId = "w1");

        for (int request = 0; request < 2; request++) // the second by the cache
        {
            using HttpResponseMessage own = await api.GetAsync(Path(route, "w1"), token);
            using HttpResponseMessage other = await api.GetAsync(Path(route, "w2"), token);

            Assert.Equal((HttpStatusCode.OK, "w1"), (own.StatusCode, await own.Content.ReadAsStringAsync()));
            Assert.Equal((HttpStatusCode.Forbidden, "", null), (other.StatusCode, other.Challenges(), other.RetryAfter()));
        }

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_filter_of_MVC_reads_the_tenant()
    {
        var filter = new AuthorizationPolicyBuilder().RequireTenant("org_id", routeValue: "workspaceId").Build();
        await using TestApi api = await StartAsync(services: services =>
            services.Configure<MvcOptions>(mvc => mvc.Filters.Add(new AuthorizeFilter(filter)))
        );

        Assert.Equal(
            HttpStatusCode.OK,
            await StatusAsync(api, "/tenant/w1/one", _server.IssueToken(it => (it.WorkspaceId, it.OrganizationId) = ("w1", "w1")))
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await StatusAsync(api, "/tenant/w1/one", _server.IssueToken(it => (it.WorkspaceId, it.OrganizationId) = ("w1", "w2")))
        );
    }

    [Theory]
    [InlineData("\"w1\"", "w1", true)]
    [InlineData("\"w1\"", "%77%31", true)] // the same characters
    [InlineData("\"w1\"", "W1", false)]
    [InlineData("\"w1\"", "w1.", false)]
    [InlineData("\"w1\"", "w1%20", false)]
    [InlineData("\"w1\"", "w1%00", false)]
    [InlineData("\"w1\"", "w1%2F..%2Fw2", false)]
    [InlineData("\"w1\"", "w1;x=1", false)]
    [InlineData("\"w1\"", "w1,w2", false)]
    [InlineData("\"w1\"", "%EF%BD%97%EF%BC%91", false)] // full width
    [InlineData("\"w1\"", "w", false)]
    [InlineData("\"w1\"", "w11", false)]
    [InlineData("\"\"", "w1", false)]
    [InlineData("null", "null", false)]
    [InlineData("\"a/b\"", "a%2Fb", false)] // what the endpoint sees is a%2Fb
    [InlineData("\"é\"", "%C3%A9", true)]
    [InlineData("\"e\\u0301\"", "%C3%A9", false)] // the same letter, composed otherwise
    [InlineData("7", "7", true)]
    [InlineData("7", "07", false)]
    [InlineData("7.0", "7", false)]
    [InlineData("7.0", "7.0", true)]
    [InlineData("1e2", "100", false)]
    [InlineData("[\"w1\",\"w2\"]", "w2", true)]
    [InlineData("[\"w1\",\"w2\"]", "w3", false)]
    [InlineData("[]", "w1", false)]
    [InlineData("{\"id\":\"w1\"}", "w1", false)]
    public async Task The_member_and_the_route_value_must_be_equal(string member, string segment, bool isOpen)
    {
        _server.RespondWith(200, $$"""{"active":true,"sub":"s","workspace_id":{{member}}}""");
        await using KestrelApi api = await StartKestrelAsync();

        HttpStatusCode status = await StatusAsync(api, "/workspaces/" + segment);

        // %00 never reaches routing.
        Assert.Equal(
            isOpen ? HttpStatusCode.OK
                : segment.Contains("%00", StringComparison.Ordinal) ? HttpStatusCode.BadRequest
                : HttpStatusCode.Forbidden,
            status
        );
    }

    [Theory]
    [InlineData("/optional", false)]
    [InlineData("/optional/w1", true)]
    [InlineData("/default", true)] // the route says w1 where the path says nothing
    [InlineData("/default/w2", false)]
    [InlineData("/number/7", false)]
    [InlineData("/catch-all", false)]
    [InlineData("/catch-all/w1/w2", false)]
    [InlineData("/none", false)]
    [InlineData("/none?workspaceId=w1", false)]
    [InlineData("/workspaces/w2?workspaceId=w1", false)]
    public async Task Only_the_route_value_names_the_tenant(string path, bool isOpen)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync(path, _server.IssueToken(it => it.WorkspaceId = "w1"));

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData(true, "X-Org-Id: o1")]
    [InlineData(true, "x-org-id: o1")]
    [InlineData(false)]
    [InlineData(false, "X-Org-Id: ")]
    [InlineData(false, "X-Org-Id: O1")]
    [InlineData(false, "X-Org-Id: o2")]
    [InlineData(false, "X-Org-Id: o1", "X-Org-Id: o1")]
    [InlineData(false, "X-Org-Id: o1", "X-Org-Id: o2")]
    [InlineData(false, "X-Org-Id: o2", "X-Org-Id: o1")]
    [InlineData(false, "X-Org-Id: o1, o2")]
    [InlineData(false, "X-Org-Id: o1,")]
    [InlineData(false, "X-Org: o1")]
    [InlineData(false, "X-Org_Id: o1")]
    public async Task A_header_names_the_tenant_once(bool isOpen, params string[] headers)
    {
        _server.RespondWith(200, """{"active":true,"org_id":"o1"}""");
        await using KestrelApi api = await StartKestrelAsync();

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await StatusAsync(api, "/org", headers));
    }

    [Theory]
    [InlineData("/optional")]
    [InlineData("/catch-all")]
    [InlineData("/none")]
    [InlineData("/org")]
    [InlineData("/org", "X-Org-Id: ")]
    public async Task A_request_without_a_tenant_is_forbidden_even_if_the_member_is_empty(string path, params string[] headers)
    {
        _server.RespondWith(200, """{"active":true,"workspace_id":"","org_id":""}""");
        await using KestrelApi api = await StartKestrelAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, path, headers));
    }

    [Fact]
    public async Task A_header_with_a_comma_names_no_tenant_even_if_the_member_has_one()
    {
        _server.RespondWith(200, """{"active":true,"org_id":"o1,o2"}""");
        await using KestrelApi api = await StartKestrelAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/org", "X-Org-Id: o1,o2"));
    }

    [Theory]
    [InlineData("X-Workspace-Id: w2")]
    [InlineData("workspace_id: w2")]
    [InlineData("workspaceId: w2")]
    [InlineData("X-Org-Id: o2")]
    public async Task A_header_that_no_requirement_names_is_ignored(string header)
    {
        _server.RespondWith(200, """{"active":true,"workspace_id":"w1"}""");
        await using KestrelApi api = await StartKestrelAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/workspaces/w1", header));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", header));
    }

    [Theory]
    [InlineData("w1", null, "/tenant/w1/one", HttpStatusCode.OK)]
    [InlineData("w1", null, "/tenant/w1/both", HttpStatusCode.Forbidden)]
    [InlineData("w1", "o2", "/tenant/w1/both", HttpStatusCode.Forbidden)]
    [InlineData("w2", "o1", "/tenant/w1/both", HttpStatusCode.Forbidden)]
    [InlineData("w1", "o1", "/tenant/w1/both", HttpStatusCode.OK)]
    [InlineData("w1", "o1", "/groups/w1/org", HttpStatusCode.OK)]
    [InlineData("w1", "o2", "/groups/w1/org", HttpStatusCode.Forbidden)]
    [InlineData("w2", "o1", "/groups/w1/org", HttpStatusCode.Forbidden)]
    public async Task Tenant_requirements_add_up(string workspace, string? organization, string path, HttpStatusCode status)
    {
        await using TestApi api = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Org-Id", "o1");
        request.Headers.Authorization = new(
            "Bearer",
            _server.IssueToken(it => (it.WorkspaceId, it.OrganizationId) = (workspace, organization))
        );

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_member_that_is_mapped_away_is_found_by_its_own_name()
    {
        await using TestApi api = await StartAsync(options => options.ClaimMappings["workspace_id"] = "tenant");
        string token = _server.IssueToken(it => it.WorkspaceId = "w1");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/workspaces/w1", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", token));
    }

    [Fact]
    public async Task A_member_that_is_mapped_to_the_claim_name_is_not_the_tenant()
    {
        await using TestApi api = await StartAsync(options => options.ClaimMappings["nickname"] = "workspace_id");
        string without = _server.IssueToken(it => it.Members["nickname"] = "w2");
        string with = _server.IssueToken(it => (it.Members["nickname"], it.WorkspaceId) = ("w2", "w1"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", without));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", with));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/workspaces/w1", with));
    }

    [Theory]
    [InlineData("/nested/w1", HttpStatusCode.OK)]
    [InlineData("/nested/w2", HttpStatusCode.Forbidden)]
    [InlineData("/urn/w1", HttpStatusCode.OK)]
    [InlineData("/urn/w2", HttpStatusCode.Forbidden)]
    [InlineData("/urn/attribute/w1", HttpStatusCode.OK)]
    [InlineData("/urn/attribute/w2", HttpStatusCode.Forbidden)]
    public async Task A_member_may_have_any_name_or_lie_inside_an_object(string path, HttpStatusCode status)
    {
        _server.RespondWith(200, """{"active":true,"org":{"id":"w1"},"urn:example:org:id":"w1"}""");
        await using TestApi api = await StartAsync();

        Assert.Equal(status, await StatusAsync(api, path, Token));
    }

    [Theory]
    [InlineData("claim", false)]
    [InlineData("identity", false)]
    [InlineData("replaced", true)]
    [InlineData("removed", false)]
    public async Task Changes_of_the_principal_by_an_event_allow_no_other_tenant(string change, bool isClosed)
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnTokenValidated = context =>
            {
                var own = (ClaimsIdentity)context.Principal!.Identity!;
                if (change == "claim")
                    own.AddClaim(new Claim("workspace_id", "w2"));
                else if (change == "identity")
                    context.Principal.AddIdentity(new ClaimsIdentity([new Claim("workspace_id", "w2")], "added"));
                else if (change == "replaced")
                    context.Principal = new ClaimsPrincipal(new ClaimsIdentity(own.Claims.Append(new Claim("workspace_id", "w2")), Ours));
                else
                    own.RemoveClaim(own.FindFirst("workspace_id"));
                return Task.CompletedTask;
            }
        );
        string token = _server.IssueToken(it => it.WorkspaceId = "w1");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", token));
        // Without the response, the request is forbidden.
        Assert.Equal(isClosed ? HttpStatusCode.Forbidden : HttpStatusCode.OK, await StatusAsync(api, "/workspaces/w1", token));
    }

    [Theory]
    [InlineData("add", false)]
    [InlineData("clone", false)]
    [InlineData("replace", true)]
    public async Task A_claims_transformation_allows_no_other_tenant(string change, bool isClosed)
    {
        await using TestApi api = await StartAsync(services: services =>
            services.AddSingleton<IClaimsTransformation>(new Transformation(change))
        );
        string token = _server.IssueToken(it => it.WorkspaceId = "w1");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/workspaces/w2", token));
        Assert.Equal(isClosed ? HttpStatusCode.Forbidden : HttpStatusCode.OK, await StatusAsync(api, "/workspaces/w1", token));
    }

    [Theory]
    [InlineData("/mixed/w1", true, HttpStatusCode.OK)]
    [InlineData("/mixed/w2", true, HttpStatusCode.Forbidden)] // the other scheme's claim says w2
    [InlineData("/mixed/w2", false, HttpStatusCode.Forbidden)]
    [InlineData("/foreign/w2", true, HttpStatusCode.Forbidden)]
    public async Task A_claim_of_another_scheme_does_not_name_the_tenant(string path, bool withToken, HttpStatusCode status)
    {
        await using TestApi api = await StartAsync(services: services =>
            services
                .AddAuthentication()
                .AddScheme<AuthenticationSchemeOptions, ForeignHandler>(nameof(ForeignHandler), configureOptions: null)
        );

        Assert.Equal(status, await StatusAsync(api, path, withToken ? _server.IssueToken(it => it.WorkspaceId = "w1") : null));
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task Every_response_that_accepts_the_token_must_name_the_tenant(string order)
    {
        await using var other = FakeAuthorizationServer.Create();
        _server.RespondWith(200, """{"active":true,"workspace_id":["w1","w3"]}""");
        other.RespondWith(200, """{"active":true,"workspace_id":["w2","w3"]}""");
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication("A").AddOAuthIntrospection("A").AddOAuthIntrospection("B");
                    services.UseFakeAuthorizationServer(_server, "A").UseFakeAuthorizationServer(other, "B");
                },
                Schemes = [],
                Endpoints = app =>
                    app.MapGet("/both/{workspaceId}", () => "")
                        .RequireAuthorization(
                            new AuthorizationPolicyBuilder(order.Split(','))
                                .RequireTenant("workspace_id", routeValue: "workspaceId")
                                .Build()
                        ),
            }
        );

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/both/w1", Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/both/w2", Token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/both/w3", Token));

        other.RespondWith(200, """{"active":true}""");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/both/w1", "another-token"));
    }

    [Theory]
    [InlineData(null, 200, "", HttpStatusCode.Unauthorized, "Bearer scope=\"admin\"")]
    [InlineData(
        "a b",
        200,
        "",
        HttpStatusCode.BadRequest,
        "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\""
    )]
    [InlineData(
        Token,
        200,
        """{"active":false}""",
        HttpStatusCode.Unauthorized,
        "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\""
    )]
    [InlineData(Token, 500, "", HttpStatusCode.ServiceUnavailable, "")]
    // Neither a scope nor a new login would help
    [InlineData(Token, 200, """{"active":true,"workspace_id":"w2"}""", HttpStatusCode.Forbidden, "")]
    [InlineData(
        Token,
        200,
        """{"active":true,"workspace_id":"w1","acr":"gold"}""",
        HttpStatusCode.Forbidden,
        "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"admin\""
    )]
    public async Task A_denial_names_only_what_another_token_could_meet(
        string? token,
        int status,
        string body,
        HttpStatusCode expected,
        string challenges
    )
    {
        _server.RespondWith(status, body);
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/everything/w1", token);

        Assert.Equal((expected, challenges), (response.StatusCode, response.Challenges()));
        if (expected == HttpStatusCode.Forbidden && challenges.Length == 0)
            Assert.Equal("""{"title":"Forbidden","status":403}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/workspaces/w2", "TenantRequirement: workspace_id equal to route value workspaceId")]
    [InlineData("/groups/w2/org", "TenantRequirement: org_id equal to header X-Org-Id")]
    public async Task The_log_of_a_denial_names_no_tenant(string path, string requirement)
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken(it => (it.WorkspaceId, it.OrganizationId) = ("secret-workspace", "secret-organization"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, path, token));

        Assert.DoesNotContain("secret-workspace", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-organization", api.Log.Text, StringComparison.Ordinal);
        Assert.Contains(requirement, api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_accepts_connections_of_its_tenant_alone()
    {
        _server.RespondWith(200, """{"active":true,"workspace_id":"notifications"}""");
        await using KestrelApi api = await StartKestrelAsync();

        // /hubs/notifications
        using HubConnection connection = await HubConnection.ConnectAsync(api.Client.BaseAddress!, "access_token=" + Token);
        using HttpResponseMessage other = await api.SendAsync(
            HttpMethod.Post,
            "/hubs/other/negotiate?negotiateVersion=1",
            authorization: "Bearer " + Token
        );

        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        await connection.InvokeAsync("Anything");
        Assert.Equal("anything0", (await connection.ReceiveAsync())!["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_hub_method_that_requires_a_tenant_forbids_every_caller()
    {
        _server.RespondWith(200, """{"active":true,"workspace_id":"notifications"}""");
        await using KestrelApi api = await StartKestrelAsync();
        using HubConnection connection = await HubConnection.ConnectAsync(api.Client.BaseAddress!, "access_token=" + Token);

        await connection.InvokeAsync("Tenants");

        Assert.NotNull((await connection.ReceiveAsync())!["error"]);
    }

    [Fact]
    public async Task The_default_policy_applies_in_addition_to_a_tenant_requirement()
    {
        await using TestApi api = await StartAsync(services: services =>
            services.AddAuthorization(options =>
                options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim("org_id").Build()
            )
        );
        string with = _server.IssueToken(it => (it.WorkspaceId, it.OrganizationId) = ("w1", "o1"));
        string without = _server.IssueToken(it => it.WorkspaceId = "w1");

        foreach (string path in new[] { "/workspaces/w1", "/attributes/w1", "/tenant/w1/one" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, path, with));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, path, without));
        }
    }

    [Theory]
    [InlineData("IntrospectionAuth:RequireTenantAttribute::workspaceId:")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:workspaceId")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:workspace_id::")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:workspace_id:%20:")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:workspace_id:: ")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:workspace_id:workspaceId:X-Workspace-Id")]
    [InlineData("IntrospectionAuth:RequireTenantAttribute:")]
    public async Task A_policy_name_without_a_valid_tenant_requirement_is_unknown(string name)
    {
        await using TestApi api = await StartAsync();

        Assert.Null(await api.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name));
    }

    [Theory]
    [InlineData("workspaceId", null)]
    [InlineData("workspaceId", " ")]
    [InlineData(null, "X-Workspace-Id")]
    [InlineData("", "X-Workspace-Id")]
    public void An_attribute_shows_what_it_compares(string? routeValue, string? header)
    {
        var attribute = new RequireTenantAttribute("workspace_id", routeValue, header);

        Assert.Equal("workspace_id", attribute.Claim);
        Assert.Equal(string.IsNullOrWhiteSpace(routeValue) ? null : routeValue, attribute.RouteValue);
        Assert.Equal(string.IsNullOrWhiteSpace(header) ? null : header, attribute.Header);
    }

    [Fact]
    public void A_requirement_without_exactly_one_source_of_the_tenant_throws()
    {
        var policy = new AuthorizationPolicyBuilder();

        Assert.Throws<ArgumentException>(() => new RequireTenantAttribute("workspace_id"));
        Assert.Throws<ArgumentException>(() => new RequireTenantAttribute("workspace_id", routeValue: " "));
        Assert.Throws<ArgumentException>(() => new RequireTenantAttribute(" ", routeValue: "workspaceId"));
        Assert.Throws<ArgumentException>(() => policy.RequireTenant("workspace_id", routeValue: "workspaceId", header: "X-Workspace"));
        Assert.Throws<ArgumentNullException>(() => policy.RequireTenant(null!, routeValue: "workspaceId"));
        Assert.Throws<ArgumentException>(() =>
            WebApplication.CreateSlimBuilder().Build().MapGet("/", () => "").RequireTenant("workspace_id")
        );
    }

    private static string Path(string route, string tenant) => route.Replace("{0}", tenant, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> StatusAsync(TestApi api, string path, string? token)
    {
        using HttpResponseMessage response = await api.GetAsync(path, token);
        return response.StatusCode;
    }

    /// <summary>Sends the path unchanged.</summary>
    private static async Task<HttpStatusCode> StatusAsync(KestrelApi api, string path, params string[] headers)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        string lines = string.Concat(headers.Select(static header => header + "\r\n"));
        await socket
            .GetStream()
            .WriteAsync(
                System.Text.Encoding.UTF8.GetBytes(
                    $"GET {path} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {Token}\r\n{lines}Connection: close\r\n\r\n"
                )
            );
        using var reader = new StreamReader(socket.GetStream());
        return (HttpStatusCode)int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null, Action<IServiceCollection>? services = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = it =>
                {
                    it.AddAuthentication(Ours).AddOAuthIntrospection(options => configure?.Invoke(options));
                    services?.Invoke(it);
                    it.AddControllers().AddApplicationPart(typeof(TenantController).Assembly);
                },
                Endpoints = Map,
            }
        );

    private Task<KestrelApi> StartKestrelAsync() =>
        KestrelApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddOAuthIntrospection(options => options.TokenRetrieval.QueryPaths.Add("/hubs"));
                services.UseFakeAuthorizationServer(_server);
                services.AddSignalR();
            },
            app =>
            {
                app.MapGet("/workspaces/{workspaceId}", (string workspaceId) => workspaceId)
                    .RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/optional/{workspaceId?}", () => "").RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/catch-all/{**workspaceId}", () => "").RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/none", () => "").RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/org", () => "").RequireTenant("org_id", header: "X-Org-Id");
                app.MapHub<TenantHub>("/hubs/{workspaceId}");
            }
        );

    private static void Map(WebApplication app)
    {
        const string Claim = "workspace_id";
        const string Value = "workspaceId";
        app.MapGet("/workspaces/{workspaceId}", (string workspaceId) => workspaceId).RequireTenant(Claim, routeValue: Value);
        app.MapGet("/policies/{workspaceId}", (string workspaceId) => workspaceId)
            .RequireAuthorization(policy => policy.RequireTenant(Claim, routeValue: Value));
        app.MapGet("/attributes/{workspaceId}", [RequireTenant(Claim, routeValue: Value)] (string workspaceId) => workspaceId);
        app.MapGet("/catch-all/{**workspaceId}", (string? workspaceId) => workspaceId).RequireTenant(Claim, routeValue: Value);
        app.MapGet("/optional/{workspaceId?}", (string? workspaceId) => workspaceId).RequireTenant(Claim, routeValue: Value);
        app.MapGet("/default/{workspaceId=w1}", (string workspaceId) => workspaceId).RequireTenant(Claim, routeValue: Value);
        app.MapGet("/number/{workspaceId:int}", (int workspaceId) => workspaceId).RequireTenant(Claim, routeValue: Value);
        app.MapGet("/none", () => "").RequireTenant(Claim, routeValue: Value);
        app.MapGet("/nested/{workspaceId}", () => "").RequireTenant("org.id", routeValue: Value);
        app.MapGet("/urn/{workspaceId}", () => "").RequireTenant("urn:example:org:id", routeValue: Value);
        app.MapGet("/urn/attribute/{work-space}", [RequireTenant("urn:example:org:id", routeValue: "work-space")] () => "");
        app.MapGet("/everything/{workspaceId}", () => "").RequireTenant(Claim, routeValue: Value).RequireScope("admin").RequireAcr("gold");

        RouteGroupBuilder group = app.MapGroup("/groups/{workspaceId}").RequireTenant(Claim, routeValue: Value);
        group.MapGet("/notes", (string workspaceId) => workspaceId);
        group.MapGet("/org", () => "").RequireTenant("org_id", header: "X-Org-Id");

        app.MapGet("/mixed/{workspaceId}", () => "")
            .RequireAuthorization(
                new AuthorizationPolicyBuilder(nameof(ForeignHandler), Ours).RequireTenant(Claim, routeValue: Value).Build()
            );
        app.MapGet("/foreign/{workspaceId}", () => "")
            .RequireAuthorization(new AuthorizationPolicyBuilder(nameof(ForeignHandler)).RequireTenant(Claim, routeValue: Value).Build());
        app.MapControllers();
    }

    /// <summary>Another scheme, whose identity claims the workspace w2.</summary>
    private sealed class ForeignHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(
                AuthenticateResult.Success(
                    new(new ClaimsPrincipal(new ClaimsIdentity([new Claim("workspace_id", "w2")], Scheme.Name)), Scheme.Name)
                )
            );
    }

    private sealed class Transformation(string change) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var added = new ClaimsIdentity([new Claim("workspace_id", "w2")], Ours);
            if (change == "replace")
                return Task.FromResult(new ClaimsPrincipal([added, new ClaimsIdentity(principal.Claims, Ours)]));

            ClaimsPrincipal changed = change == "clone" ? principal.Clone() : principal;
            changed.AddIdentity(added);
            return Task.FromResult(changed);
        }
    }
}
