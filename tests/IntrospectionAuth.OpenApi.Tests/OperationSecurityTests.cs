using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>The security requirements of an operation: AND inside of one, OR between them.</summary>
public sealed class OperationSecurityTests
{
    private const string Own = DocumentedApi.Scheme;
    private const string AnyToken = """[{"OAuthIntrospection":[]}]""";
    private const string Read = """[{"OAuthIntrospection":["read"]}]""";
    private const string ReadAndWrite = """[{"OAuthIntrospection":["read","write"]}]""";
    private const string ReadOrWrite = """[{"OAuthIntrospection":["read"]},{"OAuthIntrospection":["write"]}]""";

    private static readonly Dictionary<string, (Action<IEndpointRouteBuilder> Map, string? Security)> s_operations = new(
        StringComparer.Ordinal
    )
    {
        ["without authorization"] = (app => Get(app), null),
        ["default policy"] = (app => Get(app).RequireAuthorization(), AnyToken),
        ["Authorize attribute"] = (app => app.MapGet("/it", [Authorize] () => ""), AnyToken),
        ["scope policy"] = (app => Get(app).RequireAuthorization("scope:read"), Read),
        ["scope policy with two scopes"] = (app => Get(app).RequireAuthorization("scope:read write"), ReadAndWrite),
        ["two scope policies"] = (app => Get(app).RequireAuthorization("scope:read", "scope:write"), ReadAndWrite),
        ["named policy"] = (app => Get(app).RequireAuthorization("reader"), Read),
        ["policy of the endpoint"] = (app => Get(app).RequireAuthorization(policy => policy.RequireScope("read")), Read),
        ["RequireScope"] = (app => Get(app).RequireScope("read", "write"), ReadAndWrite),
        ["RequireScope twice"] = (app => Get(app).RequireScope("read").RequireScope("write"), ReadAndWrite),
        ["RequireScope with the same scope"] = (app => Get(app).RequireScope("read").RequireScope("read"), Read),
        ["RequireAnyScope"] = (app => Get(app).RequireAnyScope("read", "write"), ReadOrWrite),
        ["RequireAnyScope with one scope"] = (app => Get(app).RequireAnyScope("read"), Read),
        ["RequireScope and RequireAnyScope"] = (
            app => Get(app).RequireScope("read").RequireAnyScope("write", "admin"),
            """[{"OAuthIntrospection":["read","write"]},{"OAuthIntrospection":["read","admin"]}]"""
        ),
        ["RequireScope meets RequireAnyScope"] = (app => Get(app).RequireScope("read").RequireAnyScope("read", "write"), Read),
        ["RequireAnyScope twice"] = (
            app => Get(app).RequireAnyScope("a", "b").RequireAnyScope("b", "c"),
            """[{"OAuthIntrospection":["a","c"]},{"OAuthIntrospection":["b"]}]"""
        ),
        ["more alternatives than a document lists"] = (
            app =>
                Get(app).RequireScope("read").RequireAnyScope("a", "b", "c", "d", "e", "f").RequireAnyScope("g", "h", "i", "j", "k", "l"),
            Read
        ),
        ["scope claim"] = (app => Get(app).RequireAuthorization(policy => policy.RequireClaim("scope", "read", "write")), ReadOrWrite),
        ["another claim"] = (app => Get(app).RequireAuthorization(policy => policy.RequireClaim("plan", "gold")), AnyToken),
        ["RequireScope attribute"] = (app => app.MapGet("/it", [RequireScope("read", "write")] () => ""), ReadAndWrite),
        ["RequireFreshToken"] = (app => Get(app).RequireFreshToken(TimeSpan.Zero), AnyToken),
        ["group"] = (app => Get(app.MapGroup("/").RequireScope("read")), Read),
        ["nested groups"] = (app => Get(app.MapGroup("/").RequireScope("read").MapGroup("/").RequireScope("write")), ReadAndWrite),
        ["AllowAnonymous in a group"] = (app => Get(app.MapGroup("/").RequireScope("read")).AllowAnonymous(), null),
        ["AllowAnonymous on the group"] = (app => Get(app.MapGroup("/").AllowAnonymous()).RequireScope("read"), null),
        ["AllowAnonymous attribute"] = (app => app.MapGroup("/").RequireScope("read").MapGet("/it", [AllowAnonymous] () => ""), null),
        ["another scheme"] = (app => Get(app).RequireAuthorization(policy => Of(policy, "Cookies").RequireScope("read")), null),
        ["the scheme by name"] = (app => Get(app).RequireAuthorization(policy => Of(policy, Own).RequireScope("read")), Read),
        ["the scheme and another"] = (
            app => Get(app).RequireAuthorization(policy => Of(policy, "Cookies", Own).RequireScope("read")),
            Read
        ),
        ["two introspection schemes"] = (
            app => Get(app).RequireAuthorization(policy => Of(policy, Own, "part ners").RequireAnyScope("read", "write")),
            """
            [{"OAuthIntrospection":["read"]},{"OAuthIntrospection":["write"]},{"part_ners":["read"]},{"part_ners":["write"]}]
            """
        ),
        ["a bearer selector"] = (
            app => Get(app).RequireAuthorization(policy => Of(policy, "selector").RequireScope("read")),
            """[{"OAuthIntrospection":["read"]},{"part_ners":["read"]}]"""
        ),
        ["a policy scheme"] = (
            app => Get(app).RequireAuthorization(policy => Of(policy, "forwarding").RequireScope("read")),
            """[{"OAuthIntrospection":["read"]},{"part_ners":["read"]}]"""
        ),
    };

    public static TheoryData<string> Operations => [.. s_operations.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_has_the_scopes_that_it_demands(string name)
    {
        (Action<IEndpointRouteBuilder> map, string? security) = s_operations[name];
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            map,
            services: static services => AddOtherSchemes(services.AddAuthentication(Own)),
            authorization: static options => options.AddPolicy("reader", static policy => policy.RequireScope("read"))
        );

        string text = await api.GetTextAsync();
        JsonNode operation = JsonNode.Parse(text)!["paths"]!["/it"]!["get"]!;

        Assert.Equal(security?.Trim(), operation["security"]?.ToJsonString());
        Assert.Equal(security is not null, operation["responses"]!["401"] is not null);
        Assert.Equal(security is not null, operation["responses"]!["503"] is not null);
        DocumentedApi.AssertValid(text);
    }

    [Theory]
    [InlineData(false, Read)]
    [InlineData(true, null)]
    public async Task The_fallback_policy_counts_where_an_endpoint_has_none(bool isAnonymous, string? security)
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            app =>
            {
                RouteHandlerBuilder it = Get(app);
                if (isAnonymous)
                    it.AllowAnonymous();
            },
            authorization: static options => options.FallbackPolicy = new AuthorizationPolicyBuilder(Own).RequireScope("read").Build()
        );

        Assert.Equal(security, (await api.GetOperationAsync("/it"))["security"]?.ToJsonString());
    }

    [Fact]
    public async Task The_scopes_of_the_default_policy_count_beside_those_of_the_endpoint()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app => Get(app).RequireScope("write"),
            authorization: static options => options.DefaultPolicy = new AuthorizationPolicyBuilder(Own).RequireScope("read").Build()
        );

        string[] scopes = [.. (await api.GetOperationAsync("/it"))["security"]![0]![Own]!.AsArray().Select(it => it!.GetValue<string>())];

        Assert.Equal(["read", "write"], scopes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_operation_is_described_once_if_the_method_is_called_twice()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app => Get(app).RequireScope("read"),
            document: static options => options.AddOAuthIntrospection()
        );

        JsonNode operation = await api.GetOperationAsync("/it");

        Assert.Equal(Read, operation["security"]!.ToJsonString());
        Assert.Equal("Requires the scope `read`.", operation["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task Requirements_that_the_application_has_described_stay_as_alternatives()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(static app =>
            Get(app)
                .RequireScope("read")
                .AddOpenApiOperationTransformer(
                    static (operation, _, _) =>
                    {
                        operation.Security = [.. operation.Security ?? [], []];
                        return Task.CompletedTask;
                    }
                )
        );

        Assert.Equal("""[{"OAuthIntrospection":["read"]},{}]""", (await api.GetOperationAsync("/it"))["security"]!.ToJsonString());
    }

    private static RouteHandlerBuilder Get(IEndpointRouteBuilder app) => app.MapGet("/it", static () => "");

    private static AuthorizationPolicyBuilder Of(AuthorizationPolicyBuilder policy, params string[] schemes) =>
        policy.AddAuthenticationSchemes(schemes);

    private static void AddOtherSchemes(AuthenticationBuilder builder) =>
        builder
            .AddCookie(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddOAuthIntrospection(
                "part ners",
                static options =>
                {
                    options.IntrospectionEndpoint = "https://partners.example.com/introspect";
                    options.ClientId = "api";
                    options.ClientSecret = "secret";
                }
            )
            .AddBearerSelector("selector", static options => options.ForwardPrefix("p_", "part ners").DefaultScheme = Own)
            .AddPolicyScheme("forwarding", null, static options => options.ForwardDefaultSelector = static _ => Own);
}
