using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>The schemes whose tokens an endpoint accepts.</summary>
public sealed class AcceptedSchemesTests
{
    private static readonly string[] s_schemes = ["A", "B", "C"];

    [Theory]
    [InlineData("A", "A")]
    [InlineData("B", "B")]
    [InlineData("A B", "A B")]
    [InlineData("", "B")] // the default scheme
    [InlineData("Selector", "A B")]
    [InlineData("A Selector", "A B")]
    [InlineData("Cookies", "")]
    [InlineData("Unknown", "")]
    [InlineData("Policy", "A B C")] // which scheme it forwards to depends on the request
    [InlineData("Policy A", "A B C")]
    [InlineData("Policy Policy", "A B C")]
    public async Task A_policy_accepts_the_tokens_of_the_schemes_that_it_may_reach(string named, string accepted)
    {
        await using ServiceProvider services = Services();
        var policy = new AuthorizationPolicyBuilder(named.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .RequireAuthenticatedUser()
            .Build();

        AcceptedSchemes schemes = await AcceptedSchemes.OfAsync(policy, services);

        Assert.Equal(accepted, string.Join(' ', s_schemes.Where(schemes.Include)));
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services
            .AddAuthentication("B")
            .AddOAuthIntrospection("A")
            .AddOAuthIntrospection("B")
            .AddOAuthIntrospection("C")
            .AddCookie("Cookies")
            .AddBearerSelector("Selector", selector => selector.ForwardJwt("A").DefaultScheme = "B")
            .AddPolicyScheme("Policy", displayName: null, policy => policy.ForwardDefault = "A");
        return services.BuildServiceProvider();
    }
}
