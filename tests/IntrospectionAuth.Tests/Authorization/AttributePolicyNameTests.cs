using System.Security.Claims;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>Hub methods and filters read the policy name of an attribute and nothing else.</summary>
public sealed class AttributePolicyNameTests
{
    [Theory]
    [InlineData("read", false)]
    [InlineData("read admin", true)]
    public async Task The_policy_name_of_an_attribute_requires_what_the_attribute_requires(string scope, bool expected)
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

    /// <summary>When this test fails after an update of .NET, attributes can implement IAuthorizationRequirementData instead.</summary>
    [Fact]
    public async Task ASP_NET_Core_ignores_requirement_data_where_it_combines_policies_of_hub_methods_and_filters()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        ScopeRequirement requirement = ScopeRequirement.All("admin");
        IAuthorizeData metadata = new RequirementMetadata(requirement);

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            api.Services.GetRequiredService<IAuthorizationPolicyProvider>(),
            [metadata]
        );

        Assert.DoesNotContain(requirement, policy!.Requirements);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a", "b c", "")]
    [InlineData(":", "%3A", "ü /?#")]
    public void An_argument_may_hold_any_character(params string[] arguments)
    {
        string name = AttributePolicyName.Create("Attribute", arguments);

        (string attribute, string[] parsed) = AttributePolicyName.Parse(name)!.Value;
        Assert.Equal("Attribute", attribute);
        Assert.Equal(arguments, parsed);
    }
}
