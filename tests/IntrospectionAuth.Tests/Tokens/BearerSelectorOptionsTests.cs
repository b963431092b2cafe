using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>An invalid selector stops the application at startup.</summary>
public sealed class BearerSelectorOptionsTests
{
    [Fact]
    public void A_selector_needs_a_default_scheme_and_rules() =>
        Assert.Equal(
            [
                "Selector S: DefaultScheme is not set. Set it to the scheme for requests that match no rule.",
                "Selector S: There are no rules, so every request goes to DefaultScheme. Add rules, for example with "
                    + "ForwardPrefix, or use that scheme directly.",
            ],
            Assert.Throws<OptionsValidationException>(() => Read(_ => { })).Failures
        );

    [Fact]
    public void A_default_scheme_that_is_empty_is_one_fault() =>
        Assert.Equal(
            ["Selector S: DefaultScheme is not set. Set it to the scheme for requests that match no rule."],
            Assert.Throws<OptionsValidationException>(() => Read(selector => selector.ForwardJwt("A").DefaultScheme = "")).Failures
        );

    [Fact]
    public void A_scheme_that_is_not_registered_is_named() =>
        Assert.Equal(
            [
                "Selector S: Scheme jwt is not registered. The registered schemes are: A, S, T.",
                "Selector S: Scheme a is not registered. The registered schemes are: A, S, T.",
            ],
            Assert
                .Throws<OptionsValidationException>(() =>
                    Read(selector => selector.ForwardJwt("jwt").ForwardOpaque("A").DefaultScheme = "a")
                )
                .Failures
        );

    [Theory]
    [InlineData("S")]
    [InlineData("T")]
    public void A_selector_does_not_choose_a_selector(string scheme) =>
        Assert.Equal(
            [$"Selector S: Scheme {scheme} is a selector. Name the schemes that it chooses from instead."],
            Assert.Throws<OptionsValidationException>(() => Read(selector => selector.ForwardJwt(scheme).DefaultScheme = "A")).Failures
        );

    [Fact]
    public void A_valid_selector_is_accepted() => Read(selector => selector.ForwardJwt("A").DefaultScheme = "A");

    [Fact]
    public void Invalid_arguments_are_rejected()
    {
        var selector = new BearerSelectorOptions();

        Assert.All(
            (Action[])
                [
                    () => selector.ForwardPrefix("", "A"),
                    () => selector.ForwardPrefix("Bearer acme_", "A"),
                    () => selector.ForwardPrefix("acme_", ""),
                    () => selector.ForwardIssuer("", "A"),
                    () => selector.ForwardJwt(""),
                    () => selector.ForwardOpaque(null!),
                    () => selector.ForwardHost("", "A"),
                    () => selector.ForwardHost("https://api.example.com", "A"),
                    () => selector.ForwardHost("*.example.com", "A"),
                    () => selector.ForwardHost(":8080", "A"),
                    () => selector.ForwardPath("partners", "A"),
                    () => selector.ForwardPath("/partners/", "A"),
                    () => selector.ForwardPath("/", "A"),
                    () => selector.ForwardPath("/partners/{id}", "A"),
                ],
            add => Assert.ThrowsAny<ArgumentException>(add)
        );
        Assert.Empty(selector.Rules);
    }

    private static BearerSelectorOptions Read(Action<BearerSelectorOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services
            .AddAuthentication()
            .AddBearerSelector("S", configure)
            .AddBearerSelector("T", selector => selector.ForwardJwt("A").DefaultScheme = "A")
            .AddOAuthIntrospection("A");
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<BearerSelectorOptions>>().Get("S");
    }
}
