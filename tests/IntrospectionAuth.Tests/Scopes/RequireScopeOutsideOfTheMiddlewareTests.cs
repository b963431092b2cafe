using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>SignalR's hub methods and MVC's filters read the policy of an attribute, and nothing else of it.</summary>
public sealed class RequireScopeOutsideOfTheMiddlewareTests
{
    [Theory]
    [InlineData("read", false)]
    [InlineData("read admin", true)]
    public async Task The_attribute_says_everything_in_its_policy(string scope, bool expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        IAuthorizeData attribute = new RequireScopeAttribute("admin");
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", scope)], "test"));

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            api.Services.GetRequiredService<IAuthorizationPolicyProvider>(),
            [attribute]
        );
        AuthorizationResult result = await api
            .Services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(user, resource: null, policy!);

        Assert.Equal(expected, result.Succeeded);
    }
}
