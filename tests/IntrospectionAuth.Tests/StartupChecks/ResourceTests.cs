using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>A Resource without what clients or this API need in addition is reported at startup.</summary>
public sealed class ResourceTests
{
    private const string Resource = "https://api.example.com/mcp";
    private const string Path = "/.well-known/oauth-protected-resource";

    [Fact]
    public async Task Resource_alone_is_reported_with_each_setting_that_is_missing()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, static options => options.Resource = Resource);

        Assert.Equal(
            [
                "Startup check ResourceWithoutAudiences: Scheme OAuthIntrospection: Resource is set, but Audiences is not, so tokens that "
                    + "were issued for other APIs are accepted. Set Audiences to the aud of this API's tokens, which is usually the value "
                    + "of Resource.",
                "Startup check ResourceWithoutAuthorizationServers: Scheme OAuthIntrospection: Resource is set, but its metadata names no "
                    + "authorization server, so clients that rely on it, MCP clients for example, cannot obtain a token. Set "
                    + "ResourceMetadata.AuthorizationServers to the server's issuer, or set Authority.",
                "Startup check ResourceMetadataNotFound: Scheme OAuthIntrospection: Resource is set, so challenges point clients to its "
                    + "metadata, but no endpoint serves it. Call app.MapProtectedResourceMetadata().",
            ],
            StartupLog.Warnings(api.Log)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_complete_resource_is_not_reported(bool byAuthority)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            options =>
            {
                Complete(options);
                if (!byAuthority)
                    return;
                options.ResourceMetadata.AuthorizationServers.Clear();
                options.Authority = "https://auth.example.com";
            },
            app => app.MapProtectedResourceMetadata()
        );

        Assert.Empty(StartupLog.Warnings(api.Log));
    }

    [Fact]
    public async Task What_each_tenant_may_have_is_not_reported_as_missing()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Schemes = [],
                Services = static services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(static options =>
                        {
                            options.Resource = Resource;
                            options.ResolveTenant = OAuthIntrospectionTenantNames.FromHeader("X-Workspace");
                            options.ConfigureTenant = static (_, _) => new(true);
                        }),
                Endpoints = static app => app.MapProtectedResourceMetadata(),
            }
        );

        Assert.Empty(StartupLog.Warnings(api.Log));
    }

    [Fact]
    public async Task Metadata_that_an_endpoint_of_the_application_serves_is_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, Complete, app => app.MapGet(Path + "/mcp", () => "{}"));

        Assert.Empty(StartupLog.Warnings(api.Log));
    }

    [Fact]
    public async Task Another_endpoint_on_the_path_of_the_metadata_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            Complete,
            app =>
            {
                app.MapProtectedResourceMetadata();
                app.MapGet(Path + "/mcp", () => "{}");
            }
        );

        Assert.Equal(
            $"Startup check ResourceMetadataConflict: {Path} is also served by GET {Path}/mcp, so clients may receive another document "
                + $"or an "
                + "error. Remove that endpoint or MapProtectedResourceMetadata().",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_second_call_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            Complete,
            app =>
            {
                app.MapProtectedResourceMetadata();
                app.MapProtectedResourceMetadata();
            }
        );

        Assert.Equal(
            $"Startup check ResourceMetadataConflict: {Path} is also served by a second MapProtectedResourceMetadata(), so clients may "
                + $"receive "
                + "another document or an error. Call it once: it serves every scheme.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_call_on_a_group_with_a_prefix_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, Complete, app => app.MapGroup("/v1").MapProtectedResourceMetadata());

        Assert.Equal(
            $"Startup check ResourceMetadataNotFound: MapProtectedResourceMetadata() is mapped at /v1{Path}/{{**path}}, but clients "
                + $"request "
                + $"{Path} at the root. Call it on the application instead of a group.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task AddMcp_on_the_same_path_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = static services =>
                    services.AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme).AddOAuthIntrospection(Complete).AddMcp(),
                Endpoints = static app => app.MapProtectedResourceMetadata(),
            }
        );

        Assert.Equal(
            $"Startup check ResourceMetadataConflict: {Path} is also served by AddMcp (scheme McpAuth), so clients may receive another "
                + $"document "
                + "or an error. Leave AddMcp out, or remove Resource and MapProtectedResourceMetadata().",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    private static void Complete(OAuthIntrospectionOptions options)
    {
        options.Resource = Resource;
        options.Audiences.Add(Resource);
        options.ResourceMetadata.AuthorizationServers.Add("https://auth.example.com");
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<OAuthIntrospectionOptions> configure,
        Action<WebApplication>? endpoints = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup { Services = services => services.AddAuthentication().AddOAuthIntrospection(configure), Endpoints = endpoints }
        );
}
