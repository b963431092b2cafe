using IntrospectionAuth.DiagnosticsPage;
using IntrospectionAuth.Tests.Configuration;

namespace IntrospectionAuth.Tests.DiagnosticsPage;

/// <summary>The settings on the diagnostics page.</summary>
public sealed class SchemeSettingsTests
{
    [Fact]
    public void The_page_has_every_option_that_has_a_value()
    {
        string[] objects =
        [
            "Events",
            "EventsType",
            "TimeProvider",
            "ResolveTenant",
            "ConfigureTenant",
            "TenantResolverType",
            "ForwardDefaultSelector",
            "ForwardSignIn",
            "ForwardSignOut",
        ];

        Assert.Equal(
            OptionTable
                .All.Select(option => option.Key.Replace(':', '.'))
                .Concat(OptionTable.CodeOnly.Keys)
                .Except(objects, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
            SchemeSettings.Of(new OAuthIntrospectionOptions()).Select(setting => setting.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void An_option_whose_name_says_that_it_is_a_secret_is_shown_as_set()
    {
        string[] words = ["Secret", "Password", "SigningKey", "DecryptionKey", "Redis"];
        IEnumerable<Setting> secrets = SchemeSettings
            .Of(new OAuthIntrospectionOptions())
            .Where(setting =>
                Array.Exists(
                    words,
                    word =>
                        setting.Name.EndsWith(word, StringComparison.Ordinal) || setting.Name.EndsWith(word + "s", StringComparison.Ordinal)
                )
            );

        Assert.All(secrets, setting => Assert.True(setting.IsSecret, setting.Name));
    }

    [Fact]
    public void A_URL_is_shown_without_user_information_and_query()
    {
        var options = new OAuthIntrospectionOptions { IntrospectionEndpoint = "https://user:word@auth.example.com/introspect?key=value" };

        Setting setting = SchemeSettings.Of(options).Single(it => it.Name == "IntrospectionEndpoint");

        Assert.Equal("https://auth.example.com/introspect", setting.Value);
    }
}
