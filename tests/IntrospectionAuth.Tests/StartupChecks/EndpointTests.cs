using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>Requirements that an endpoint can never meet, or that never apply, are reported at startup.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task A_tenant_of_a_route_value_that_the_route_does_not_have_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app =>
            {
                app.MapGet("/workspaces/{id}", (string id) => id).RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/attribute", [RequireTenant("workspace_id", routeValue: "workspaceId")] () => "");
                app.MapGet("/right/{WorkspaceId}", () => "").RequireTenant("workspace_id", routeValue: "workspaceId");
                app.MapGet("/header", () => "").RequireTenant("org_id", header: "X-Org-Id");
            }
        );

        Assert.Equal(
            "Startup check TenantRouteValue: RequireTenant compares the route value \"workspaceId\", which is not in the route of GET "
                + "/workspaces/{id}, GET /attribute, so every request gets 403. Add {workspaceId} to the route, or name the right value: "
                + "RequireTenant(…, routeValue: …).",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task A_requirement_that_an_earlier_AllowAnonymous_removes_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app =>
            {
                app.MapGroup("/group").AllowAnonymous().MapGet("/pay", () => "").RequireFreshToken(TimeSpan.Zero);
                app.MapGet("/attributes", [AllowAnonymous] () => "").RequireScope("read");
            }
        );

        Assert.Equal(
            "Startup check AnonymousEndpoint: The scopes, fresh tokens, tenants or step-up that GET /attributes, GET /group/pay require "
                + "have no effect, because AllowAnonymous on the endpoint or its group overrides them. Every caller is allowed. "
                + "Remove AllowAnonymous() or the requirement.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task An_endpoint_may_allow_what_its_group_requires()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app =>
            {
                RouteGroupBuilder group = app.MapGroup("/group").RequireScope("read");
                group.MapGet("/open", () => "").AllowAnonymous();
                group.MapGet("/attribute", [AllowAnonymous] () => "");
            }
        );

        Assert.Empty(StartupLog.Warnings(api.Log));
        await api.AssertStatusAsync("/group/open", token: null, HttpStatusCode.OK);
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<WebApplication> endpoints) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup { Services = services => services.AddAuthentication().AddOAuthIntrospection(), Endpoints = endpoints }
        );
}
