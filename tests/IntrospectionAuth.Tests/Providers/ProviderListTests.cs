using System.Reflection;
using IntrospectionAuth.Providers;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>Every place that lists the providers lists all of them. The list is that of the public <c>Use…</c> methods.</summary>
public sealed class ProviderListTests
{
    private static readonly string[] s_providers =
    [
        .. typeof(OAuthIntrospectionProviderExtensions)
            .GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => method.Name["Use".Length..])
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Providers => [.. s_providers];

    [Fact]
    public void Configuration_selects_each_provider_by_the_name_of_its_method() => Assert.Equal(s_providers, ProviderPreset.Names);

    [Fact]
    public void The_message_about_an_unknown_provider_lists_every_provider()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => SchemeOptions.FromJson("""{ "Provider": "Okta" }"""));

        Assert.Contains(
            $"Provider is not known. Known providers are {string.Join(", ", s_providers)};",
            Assert.Single(exception.Failures),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_message_about_a_missing_endpoint_lists_the_method_of_every_provider()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => SchemeOptions.FromJson("""{ "IntrospectionEndpoint": "" }"""));

        Assert.Contains(
            $"use a provider: {string.Join(", ", s_providers.Select(name => "Use" + name))} (",
            Assert.Single(exception.Failures),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_page_about_providers_lists_every_provider_with_its_required_settings()
    {
        IEnumerable<string> expected = s_providers.Select(name => $"{name} {RequiredSettings(name)} Use{name}");

        IEnumerable<string> actual = DocumentationTests
            .Rows("docs/providers.md", "`Provider`")
            .Select(row =>
            {
                IEnumerable<string> settings = row[1].Split('`').Where((_, index) => index % 2 == 1);
                return $"{row[0].Trim('`')} {string.Join(' ', settings)} {row[2].Trim('`')}";
            });

        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Every_provider_has_tests_and_a_recorded_response(string provider)
    {
        string folder = Path.Combine(Repository.Root, "tests/IntrospectionAuth.Tests/Providers");

        Assert.True(File.Exists(Path.Combine(folder, provider + "Tests.cs")));
        Assert.Contains(
            Directory.EnumerateFiles(Path.Combine(folder, "Recorded"), "*.json"),
            file => provider.StartsWith(Path.GetFileName(file).Split('-')[0], StringComparison.OrdinalIgnoreCase)
        );
    }

    private static string RequiredSettings(string provider)
    {
        var required = new List<string>();
        ProviderPreset
            .Find(provider)!
            .Apply(
                new OAuthIntrospectionOptions(),
                new ProviderSettings(key =>
                {
                    required.Add(key);
                    return "https://example.com";
                })
            );
        return string.Join(' ', required);
    }
}
