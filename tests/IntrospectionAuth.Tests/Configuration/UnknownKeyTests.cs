using IntrospectionAuth.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>A mistyped setting stops the application, and the message names the setting that was probably meant.</summary>
public sealed class UnknownKeyTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    public static TheoryData<string> Options => [.. OptionTable.All.Select(option => option.Key)];

    [Theory]
    [InlineData("Audience", "Audiences")]
    [InlineData("Authorty", "Authority")]
    [InlineData("Autohrity", "Authority")]
    [InlineData("client_id", "ClientId")]
    [InlineData("ClientSecert", "ClientSecret")]
    [InlineData("Issuers", "ValidIssuers")]
    [InlineData("IntrospectionUrl", "IntrospectionEndpoint")]
    [InlineData("RequiresHttps", "RequireHttps")]
    [InlineData("MaximumAge", "Cache:MaximumAge")]
    [InlineData("TokenEndpoint", "ClientCredentials:TokenEndpoint")]
    [InlineData("Cache:MaxAge", "Cache:MaximumAge")]
    [InlineData("Cache:ClockSkew", "ClockSkew")]
    [InlineData("SharedCache:Secret", "SharedCache:Secrets")]
    [InlineData("DPoP:ProofLifeTimes", "DPoP:ProofLifetime")]
    [InlineData("Resilience:Retry", "Resilience:Retries")]
    [InlineData("Resilience:MaxConcurrentCalls", "Resilience:MaximumConcurrentCalls")]
    [InlineData("TokenRetrieval:QueryPath", "TokenRetrieval:QueryPaths")]
    [InlineData("TokenFilter:MinLength", "TokenFilter:MinimumLength")]
    [InlineData("ResourceMetadata:ScopeSupported", "ResourceMetadata:ScopesSupported")]
    [InlineData("ClientCredentials:Scopes", "ClientCredentials:Scope")]
    public void A_mistyped_setting_is_named(string key, string meant) => Assert.Contains($"Did you mean {meant}?", FindFault(key));

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_setting_without_one_of_its_letters_is_named(string key) =>
        Assert.Contains($"Did you mean {key}?", FindFault(key.Remove(key.Length - 2, 1)));

    [Fact]
    public void Nothing_is_named_that_is_unlike_the_key() =>
        Assert.StartsWith($"{Section}Nonsense is not a setting. Known settings are ", FindFault("Nonsense"), StringComparison.Ordinal);

    [Fact]
    public void A_long_key_costs_no_comparison() =>
        Assert.DoesNotContain("Did you mean", FindFault(new string('a', 1_000_000)), StringComparison.Ordinal);

    [Theory]
    [InlineData("ClientAuthenticationMethod", "client_secret_bsic", "client_secret_basic")]
    [InlineData("ClientAuthenticationMethod", "ClientSecretPost", "client_secret_post")]
    [InlineData("Provider", "WorkOSS", "WorkOS")]
    public void A_mistyped_name_of_a_method_or_provider_is_named(string key, string value, string meant) =>
        Assert.Contains($"Did you mean {meant}?", FindFault(key, value), StringComparison.Ordinal);

    private static string FindFault(string key, string value = "1")
    {
        var services = new ServiceCollection();
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>(Section + key, value)])
            .Build();
        services.AddSingleton(configuration);
        services.AddLogging().AddAuthentication().AddOAuthIntrospection();
        using ServiceProvider provider = services.BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(OAuthIntrospectionDefaults.AuthenticationScheme)
        );
        return exception
            .Failures.Select(fault => fault.Replace("Scheme OAuthIntrospection: ", "", StringComparison.Ordinal))
            .Single(fault => fault.Contains("is not a setting") || fault.Contains("is not known"));
    }
}
