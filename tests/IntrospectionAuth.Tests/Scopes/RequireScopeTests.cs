using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>Every way to require a scope: policy, endpoint, group, attribute.</summary>
public sealed class RequireScopeTests
{
    [Theory]
    [InlineData("/policy-all", "a b", HttpStatusCode.OK)]
    [InlineData("/policy-all", "a", HttpStatusCode.Forbidden)]
    [InlineData("/policy-any", "a", HttpStatusCode.OK)]
    [InlineData("/policy-any", "b", HttpStatusCode.OK)]
    [InlineData("/policy-any", "c", HttpStatusCode.Forbidden)]
    [InlineData("/endpoint-all", "a b", HttpStatusCode.OK)]
    [InlineData("/endpoint-all", "b", HttpStatusCode.Forbidden)]
    [InlineData("/endpoint-one-text", "a b", HttpStatusCode.OK)]
    [InlineData("/endpoint-one-text", "a", HttpStatusCode.Forbidden)]
    [InlineData("/endpoint-any", "b", HttpStatusCode.OK)]
    [InlineData("/endpoint-any", "A B", HttpStatusCode.Forbidden)]
    [InlineData("/endpoint-twice", "a b", HttpStatusCode.OK)]
    [InlineData("/endpoint-twice", "a", HttpStatusCode.Forbidden)]
    [InlineData("/group/plain", "a", HttpStatusCode.OK)]
    [InlineData("/group/plain", "b", HttpStatusCode.Forbidden)]
    [InlineData("/group/more", "a b", HttpStatusCode.OK)]
    [InlineData("/group/more", "b", HttpStatusCode.Forbidden)]
    [InlineData("/group/more", "a", HttpStatusCode.Forbidden)]
    [InlineData("/group-any/plain", "b", HttpStatusCode.OK)]
    [InlineData("/group-any/plain", "c", HttpStatusCode.Forbidden)]
    [InlineData("/attribute", "a b", HttpStatusCode.OK)]
    [InlineData("/attribute", "a", HttpStatusCode.Forbidden)]
    [InlineData("/metadata", "a b", HttpStatusCode.OK)]
    [InlineData("/metadata", "b", HttpStatusCode.Forbidden)]
    [InlineData("/controller/one", "a", HttpStatusCode.OK)]
    [InlineData("/controller/one", "b", HttpStatusCode.Forbidden)]
    [InlineData("/controller/two", "a b c", HttpStatusCode.OK)]
    [InlineData("/controller/two", "a b", HttpStatusCode.Forbidden)]
    [InlineData("/controller/two", "b c", HttpStatusCode.Forbidden)]
    [InlineData("/controller/twice", "a b c", HttpStatusCode.OK)]
    [InlineData("/controller/twice", "a c", HttpStatusCode.Forbidden)]
    [InlineData("/controller/policy", "a b c", HttpStatusCode.OK)]
    [InlineData("/controller/policy", "a b", HttpStatusCode.Forbidden)]
    [InlineData("/controller/policy", "a c", HttpStatusCode.Forbidden)]
    [InlineData("/controller/role", "a b", HttpStatusCode.Forbidden)]
    public async Task A_token_is_authorized_where_it_has_the_required_scopes(string path, string scopes, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync(path, server.IssueToken(scopes.Split(' ')));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("/policy-all", "a b")]
    [InlineData("/policy-any", "a b")]
    [InlineData("/endpoint-all", "a b")]
    [InlineData("/endpoint-any", "a b")]
    [InlineData("/endpoint-twice", "a b")]
    [InlineData("/group/more", "a b")]
    [InlineData("/attribute", "a b")]
    [InlineData("/controller/two", "a b c")]
    public async Task Challenges_401_and_403_name_the_required_scopes(string path, string scopes)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);

        using HttpResponseMessage without = await api.GetAsync(path, token: null);
        using HttpResponseMessage tooLittle = await api.GetAsync(path, server.IssueToken("z"));

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal($"Bearer scope=\"{scopes}\"", without.Challenges());
        Assert.Equal(HttpStatusCode.Forbidden, tooLittle.StatusCode);
        Assert.EndsWith($", scope=\"{scopes}\"", tooLittle.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_and_a_role_are_both_required()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        string editor = server.IssueToken(token =>
        {
            token.Scopes = ["a", "b"];
            token.Members["roles"] = "editor";
        });
        string editorWithoutScope = server.IssueToken(token =>
        {
            token.Scopes = ["a"];
            token.Members["roles"] = "editor";
        });

        using HttpResponseMessage both = await api.GetAsync("/controller/role", editor);
        using HttpResponseMessage one = await api.GetAsync("/controller/role", editorWithoutScope);

        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, one.StatusCode);
    }

    [Fact]
    public async Task AllowAnonymous_overrides_RequireScope()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/controller/open", token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    services.AddControllers().AddApplicationPart(typeof(ScopedController).Assembly);
                },
                Endpoints = app =>
                {
                    app.MapGet("/policy-all", () => "").RequireAuthorization(policy => policy.RequireScope("a", "b"));
                    app.MapGet("/policy-any", () => "").RequireAuthorization(policy => policy.RequireAnyScope("a", "b"));
                    app.MapGet("/endpoint-all", () => "").RequireScope("a", "b");
                    app.MapGet("/endpoint-one-text", () => "").RequireScope("a b");
                    app.MapGet("/endpoint-any", () => "").RequireAnyScope("a b");
                    app.MapGet("/endpoint-twice", () => "").RequireScope("a").RequireScope("b");
                    app.MapGet("/attribute", [RequireScope("a", "b")] () => "");
                    app.MapGet("/metadata", () => "").WithMetadata(new RequireScopeAttribute("a b"));

                    RouteGroupBuilder group = app.MapGroup("/group").RequireScope("a");
                    group.MapGet("/plain", () => "");
                    group.MapGet("/more", () => "").RequireScope("b");
                    app.MapGroup("/group-any").RequireAnyScope("a", "b").MapGet("/plain", () => "");

                    app.MapControllers();
                },
            }
        );
}
