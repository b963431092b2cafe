using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>The scopes of principals, of this handler and of others.</summary>
public sealed class ScopeAuthorizationTests
{
    [Theory]
    [InlineData("read", "read", true)]
    [InlineData("read write", "read", true)]
    [InlineData("read write", "write", true)]
    [InlineData("read write admin", "write", true)]
    [InlineData(" read  write ", "write", true)]
    [InlineData("read|write", "write", true)] // one claim each
    [InlineData("read|write admin", "admin", true)]
    [InlineData("read", "Read", false)]
    [InlineData("READ", "read", false)]
    [InlineData("read", "rea", false)]
    [InlineData("read", "reads", false)]
    [InlineData("read:all", "read", false)]
    [InlineData("read", "read:all", false)]
    [InlineData("proofread", "read", false)]
    [InlineData("read,write", "read", false)]
    [InlineData("read\twrite", "read", false)]
    [InlineData("read\nwrite", "write", false)]
    [InlineData("r\u0065\u0301ad", "réad", false)] // the same letters, composed otherwise
    [InlineData("*", "read", false)]
    [InlineData("", "read", false)]
    [InlineData(" ", "read", false)]
    public async Task A_scope_is_a_whole_token_compared_ordinally(string claims, string scope, bool isAuthorized)
    {
        ClaimsPrincipal user = UserWith("scope", claims.Split('|'));

        Assert.Equal(isAuthorized, await IsAuthorizedAsync(user, ScopeRequirement.All(scope)));
        Assert.Equal(isAuthorized, await IsAuthorizedAsync(user, ScopeRequirement.Any(scope)));
    }

    [Theory]
    [InlineData("a b", "a b", true, true)]
    [InlineData("a b c", "a b", true, true)]
    [InlineData("b a", "a b", true, true)]
    [InlineData("a", "a b", false, true)]
    [InlineData("b", "a b", false, true)]
    [InlineData("c", "a b", false, false)]
    [InlineData("ab", "a b", false, false)]
    [InlineData("", "a b", false, false)]
    public async Task All_requires_every_scope_and_Any_requires_one(string claim, string scopes, bool all, bool any)
    {
        ClaimsPrincipal user = UserWith("scope", claim);

        Assert.Equal(all, await IsAuthorizedAsync(user, ScopeRequirement.All(scopes)));
        Assert.Equal(any, await IsAuthorizedAsync(user, ScopeRequirement.Any(scopes)));
    }

    [Theory]
    [InlineData("scp")]
    [InlineData("Scope")]
    [InlineData("scopes")]
    [InlineData("permissions")]
    public async Task Another_claim_grants_nothing(string type)
    {
        ClaimsPrincipal user = UserWith(type, "read");

        Assert.False(await IsAuthorizedAsync(user, ScopeRequirement.All("read")));
    }

    [Fact]
    public async Task An_identity_that_is_not_authenticated_grants_nothing()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "read")]));

        Assert.False(await IsAuthorizedAsync(user, ScopeRequirement.All("read")));
    }

    [Fact]
    public async Task The_scopes_of_several_authenticated_identities_add_up()
    {
        var user = new ClaimsPrincipal([
            new ClaimsIdentity([new Claim("scope", "admin")]),
            new ClaimsIdentity([new Claim("scope", "a")], "first"),
            new ClaimsIdentity([new Claim("scope", "b")], "second"),
        ]);

        Assert.True(await IsAuthorizedAsync(user, ScopeRequirement.All("a b")));
        Assert.False(await IsAuthorizedAsync(user, ScopeRequirement.All("a b admin")));
    }

    private static ClaimsPrincipal UserWith(string type, params string[] values) =>
        new(new ClaimsIdentity(values.Select(value => new Claim(type, value)), "JwtBearer"));

    private static async Task<bool> IsAuthorizedAsync(ClaimsPrincipal user, ScopeRequirement requirement)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options => options.IntrospectionEndpoint = "https://auth.example.com/introspect");
        await using ServiceProvider provider = services.BuildServiceProvider();

        return (await provider.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource: null, [requirement])).Succeeded;
    }
}
