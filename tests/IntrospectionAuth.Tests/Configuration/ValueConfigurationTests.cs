using System.Globalization;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>Values in configuration: what each kind accepts, and the faults of all other values.</summary>
public sealed class ValueConfigurationTests
{
    public static TheoryData<string> Times => KeysOf(OptionKind.Time);

    public static TheoryData<string> Flags => KeysOf(OptionKind.Flag);

    public static TheoryData<string> Lists => KeysOf(OptionKind.List);

    public static TheoryData<string> Numbers => KeysOf(OptionKind.Number, OptionKind.Fraction);

    [Theory]
    [InlineData("30", 30)]
    [InlineData(" 30", 30)]
    [InlineData("30 ", 30)]
    [InlineData("0", 0)]
    [InlineData("0.5", 0.5)]
    [InlineData("86400", 86400)]
    [InlineData("00:00:30", 30)]
    [InlineData("00:00:00.5", 0.5)]
    [InlineData("23:59:59", 86399)]
    [InlineData("1.00:00:00", 86400)]
    [InlineData("0:5:0", 300)]
    [InlineData("3.11:20:00", 300000)]
    public void A_time_is_seconds_or_days_hours_minutes_and_seconds(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Value("Cache:MaximumAge", text));

    [Theory]
    [InlineData("24:00:00", "Write 1.00:00:00.")]
    [InlineData("36:30:00", "Write 1.12:30:00.")]
    [InlineData("00:90:00", "Write 01:30:00.")]
    [InlineData("05:00", "Write 05:00:00 for hours and minutes, or 00:05:00 for minutes and seconds.")]
    [InlineData("90:00", "Write 3.18:00:00 for hours and minutes, or 01:30:00 for minutes and seconds.")]
    [InlineData("300000", "A bare number is at most a day of seconds: write 3.11:20:00 for seconds, or 00:05:00 for milliseconds.")]
    [InlineData("86401", "A bare number is at most a day of seconds: write 1.00:00:01 for seconds, or 00:01:26.401 for milliseconds.")]
    public void An_ambiguous_time_is_a_fault_that_says_what_to_write(string text, string advice)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Value("Cache:MaximumAge", text));

        Assert.EndsWith(
            $"Cache:MaximumAge is not a time, in seconds (30) or as [d.]hh:mm:ss (00:00:30). {advice}",
            Assert.Single(exception.Failures),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_fault_about_a_plain_number_out_of_range_says_that_it_is_seconds()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => SchemeOptions.FromJson("""{ "Timeout": 5000 }"""));

        string failure = Assert.Single(exception.Failures);
        Assert.EndsWith("A bare number is seconds: write 00:00:05 for milliseconds.", failure, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void A_time_in_any_other_format_is_a_fault(string key) =>
        AssertFault(
            key,
            [
                "24:00:00",
                "48:00:00",
                "05:00",
                "00:60:00",
                "300000",
                "1e3",
                "1,5",
                "1 000",
                "5m",
                "5 minutes",
                "PT5M",
                "soon",
                "",
                "-1",
                "-00:00:01",
                "-1.00:00:00",
                "NaN",
                "Infinity",
                "+5",
                "1.24:00:00",
                "2147483647:00:00",
                "300000000:00",
                "9.2:8:.",
                "0:0:005",
                "1.:2:3",
                "::",
                ":",
            ],
            "is not a time"
        );

    [Theory]
    [MemberData(nameof(Times))]
    public void Every_time_accepts_seconds_and_hh_mm_ss(string key)
    {
        object? number = Value(key, "7");

        Assert.Equal(TimeSpan.FromSeconds(7), number);
        Assert.Equal(number, Value(key, "00:00:07"));
        Assert.Equal(number, Value(key, "0.00:00:07"));
        Assert.Equal(number, Value(key, " 7 "));
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void A_flag_is_true_or_false_in_any_case(string key)
    {
        Assert.Equal(true, Value(key, "true"));
        Assert.Equal(true, Value(key, " TRUE "));
        Assert.Equal(false, Value(key, "False"));
        AssertFault(key, ["yes", "no", "on", "off", "1", "0", "", "t", "truefalse"], "is not true or false");
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_has_no_separators_sign_or_exponent(string key)
    {
        bool isWhole = OptionTable.Find(key).Kind == OptionKind.Number;

        string[] others = isWhole ? ["3.0", "0.5"] : ["0,5"];

        Assert.Equal(isWhole ? 3 : 0.25, Convert.ToDouble(Value(key, isWhole ? " 3 " : "0.25"), CultureInfo.InvariantCulture));
        AssertFault(
            key,
            ["1,000", "1_000", "1 000", "+1", "-1", "0x1", "many", "", "1e0", "999999999999999", "NaN", .. others],
            "is not a"
        );
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void An_empty_list_is_a_fault_because_configuration_reads_it_as_an_empty_text(string key) =>
        AssertJsonFault(
            OptionTable.Find(key),
            ["[]", "\"\"", "\" \""],
            $"{key} is empty. Remove it, or list values. To clear the list of a preset, use code."
        );

    [Theory]
    [MemberData(nameof(Lists))]
    public void An_empty_list_of_one_source_and_the_values_of_another_are_a_list(string key)
    {
        Option option = OptionTable.Find(key);

        object? value = option.ValueOf(
            SchemeOptions.ReadWithoutValidation(builder =>
            {
                SchemeOptions.AddJson(builder, option.Json("[]"));
                SchemeOptions.AddJson(builder, option.Json("""["404"]"""));
            })
        );

        Assert.Equal(option.IsListOfNumbers ? new List<int> { 404 } : new List<string> { "404" }, value);
    }

    [Fact]
    public void The_spaces_around_a_number_of_a_list_do_not_matter_either()
    {
        Option option = OptionTable.Find("InactiveStatusCodes");

        Assert.Equal(new List<int> { 401, 404 }, Read(option, """[" 401", "404 "]"""));
        AssertJsonFault(option, ["""["4 04"]""", """["+404"]""", """["404.0"]"""], "is not a list of whole numbers");
    }

    [Theory]
    [InlineData("TokenFilter:Mismatch", "ig-nore", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("TokenFilter:Mismatch", "Ig nore", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("TokenFilter:Mismatch", "", "TokenFilter:Mismatch is not Reject or Ignore")]
    [InlineData("ClientAuthenticationMethod", "ClientSecretPost", "is not known. Did you mean client_secret_post? Known methods are")]
    [InlineData("ClientAuthenticationMethod", "client-secret-post", "is not known. Did you mean client_secret_post? Known methods are")]
    [InlineData("ClientAuthenticationMethod", "", "ClientAuthenticationMethod is not known. Known methods are")]
    [InlineData("ClientCredentials:AuthenticationMethod", "Basic", "AuthenticationMethod is not known. Known methods are")]
    [InlineData("Provider", "", "Provider is not known. Known providers are")]
    public void An_unknown_name_is_a_fault_that_lists_the_known_names(string key, string text, string fault) =>
        AssertFault(key, [text], fault);

    [Theory]
    [InlineData("ClaimsIssuer")]
    [InlineData("ForwardDefault")]
    [InlineData("ForwardAuthenticate")]
    [InlineData("ForwardChallenge")]
    [InlineData("ForwardForbid")]
    [InlineData("NameClaimType")]
    [InlineData("RoleClaimType")]
    [InlineData("ClientAssertionType")]
    [InlineData("ResourceMetadata:ResourceName")]
    public void An_empty_text_without_a_meaning_is_a_fault(string key) =>
        AssertFault(key, [""], $"{key.Split(':')[^1]} is empty. Set a text, or remove it.");

    [Fact]
    public void Null_means_not_set()
    {
        foreach (Option option in OptionTable.All.Where(option => option.Kind is not OptionKind.Map))
        {
            Assert.Equivalent(option.ValueOf(new OAuthIntrospectionOptions()), Read(option, "null"));
        }
    }

    [Fact]
    public void An_object_in_place_of_a_value_is_a_fault()
    {
        foreach (Option option in OptionTable.All.Where(option => option.Kind is not (OptionKind.Map or OptionKind.List)))
            AssertJsonFault(option, ["""{ "a": "b" }""", """[ "a" ]"""], $"{option.Key} contains settings, but must be a single value");
    }

    private static TheoryData<string> KeysOf(params OptionKind[] kinds) =>
        [.. OptionTable.All.Where(option => kinds.Contains(option.Kind)).Select(option => option.Key)];

    private static object? Value(string key, string text) => Read(OptionTable.Find(key), $"\"{text}\"");

    private static object? Read(Option option, string json) =>
        option.ValueOf(SchemeOptions.ReadWithoutValidation(builder => SchemeOptions.AddJson(builder, option.Json(json))));

    private static void AssertFault(string key, string[] texts, string fault) =>
        AssertJsonFault(OptionTable.Find(key), texts.Select(text => $"\"{text}\""), fault);

    private static void AssertJsonFault(Option option, IEnumerable<string> values, string fault)
    {
        string key = option.Key;
        foreach (string json in values)
        {
            Exception? exception = Record.Exception(() => Read(option, json));

            Assert.True(exception is OptionsValidationException, $"{key} accepts {json}.");
            Assert.Contains(key, exception.Message, StringComparison.Ordinal);
            Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
        }
    }
}
