using System.Collections;
using System.Globalization;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>Configuration reads every option of a scheme and of its groups.</summary>
public sealed class EveryOptionTests
{
    // Options that do not accept any text.
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["ClientAuthenticationMethod"] = "tls_client_auth",
        ["ClientCredentials:AuthenticationMethod"] = "client_secret_post",
        ["TokenFilter:Mismatch"] = "Ignore",
        ["DPoP:ReplayAcrossNodes"] = "Required",
        ["AdditionalTokenCharacters"] = "!",
    };

    public static TheoryData<string> Keys => [.. OptionTable.All.Select(option => option.Key)];

    [Fact]
    public void Every_group_of_options_is_covered() =>
        Assert.Equal(
            [
                "Cache",
                "ClientCredentials",
                "DPoP",
                "Resilience",
                "ResourceMetadata",
                "SharedCache",
                "TenantCache",
                "TokenFilter",
                "TokenRetrieval",
            ],
            OptionTable.Groups.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Code_only_options_exist()
    {
        IEnumerable<string> options = typeof(OAuthIntrospectionOptions).GetProperties().Select(property => property.Name);

        Assert.Empty(OptionTable.CodeOnly.Keys.Except(options, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_option_can_be_set_by_configuration(string key)
    {
        Option option = OptionTable.Find(key);
        string before = Describe(option.ValueOf(new OAuthIntrospectionOptions()));
        string wanted = Wanted(option);
        string variable = key.Replace(":", "__", StringComparison.Ordinal);

        string fromJson = Read(option, builder => SchemeOptions.AddJson(builder, option.Json(Json(option))));
        string fromEnvironment = Read(
            option,
            builder =>
                SchemeOptions.AddEnvironment(
                    builder,
                    option.Kind switch
                    {
                        OptionKind.List => [($"{variable}__0", Element(option, 0)), ($"{variable}__1", Element(option, 1))],
                        OptionKind.Map => [($"{variable}__urn__example__name", "value")],
                        _ => [(variable, wanted)],
                    }
                )
        );

        Assert.NotEqual(wanted, before);
        Assert.Equal(wanted, fromJson);
        Assert.Equal(wanted, fromEnvironment);
    }

    private static string Read(Option option, Action<IConfigurationBuilder> source) =>
        Describe(option.ValueOf(SchemeOptions.ReadWithoutValidation(source)));

    /// <summary>A value that is not the default, as it is written in an environment variable.</summary>
    private static string Wanted(Option option) =>
        option.Kind switch
        {
            OptionKind.Flag => (bool)option.ValueOf(new OAuthIntrospectionOptions())! ? "False" : "True",
            OptionKind.Number => "3",
            OptionKind.Fraction => "0.25",
            OptionKind.Time => "00:00:07",
            OptionKind.List => $"{Element(option, 0)} {Element(option, 1)}",
            OptionKind.Map => "urn:example:name=value",
            _ => s_texts.GetValueOrDefault(option.Key, "text"),
        };

    private static string Element(Option option, int index) =>
        option.IsListOfNumbers ? (400 + index).ToString(CultureInfo.InvariantCulture) : $"text{index}";

    private static string Json(Option option) =>
        option.Kind switch
        {
            OptionKind.Flag => Wanted(option).ToLowerInvariant(),
            OptionKind.Number or OptionKind.Fraction => Wanted(option),
            OptionKind.List when option.IsListOfNumbers => $"[ {Element(option, 0)}, {Element(option, 1)} ]",
            OptionKind.List => $$"""[ "{{Element(option, 0)}}", "{{Element(option, 1)}}" ]""",
            OptionKind.Map => """{ "urn:example:name": "value" }""",
            _ => $"\"{Wanted(option)}\"",
        };

    private static string Describe(object? value) =>
        value switch
        {
            null => "not set",
            string text => text,
            IDictionary<string, string> map => string.Join(' ', map.Select(member => $"{member.Key}={member.Value}")),
            IEnumerable list => string.Join(' ', list.Cast<object>().Select(Describe)),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
