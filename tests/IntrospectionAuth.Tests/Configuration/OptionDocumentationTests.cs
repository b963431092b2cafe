using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using IntrospectionAuth.Providers;
using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>The documentation of an option agrees with its code, and docs/configuration.md is generated from it.</summary>
public sealed partial class OptionDocumentationTests
{
    private const string Page = "docs/configuration.md";

    public static TheoryData<string> Options => [.. Keys.Where(key => OptionDocumentation.MeaningOf(PropertyOf(key)) is not null)];

    private static IEnumerable<string> Keys => OptionTable.All.Select(option => option.Key.Replace(':', '.')).Concat(CodeOnly);

    private static IEnumerable<string> CodeOnly =>
        OptionTable.CodeOnly.Keys.Where(key => key != "Events" && OptionDocumentation.MeaningOf(PropertyOf(key)) is not null);

    [Theory]
    [MemberData(nameof(Options))]
    public void The_documentation_states_the_default(string key)
    {
        PropertyInfo property = PropertyOf(key);
        object? value = new Option(key.Replace('.', ':'), typeof(string)).ValueOf(new OAuthIntrospectionOptions());

        string expected = value switch
        {
            null => "The default is `null`",
            "" => "The default is an empty string",
            IEnumerable and not string => "Empty by default",
            _ => $"The default is {DocumentationTests.Describe(value)}",
        };

        string actual = OptionDocumentation.ValueOf(property);
        Assert.StartsWith(expected, actual, StringComparison.Ordinal);
        Assert.True(actual[expected.Length] is '.' or ':' or ' ', actual);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void The_documentation_states_the_range(string key)
    {
        PropertyInfo property = PropertyOf(key);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type != typeof(int) && type != typeof(double) && type != typeof(TimeSpan))
            return;

        object group = key.Split('.') is [var name, _]
            ? typeof(OAuthIntrospectionOptions).GetProperty(name)!.GetValue(new OAuthIntrospectionOptions())!
            : new OAuthIntrospectionOptions();
        var thrown = Assert.Throws<TargetInvocationException>(() => property.SetValue(group, type.GetField("MinValue")!.GetValue(null)));
        var exception = Assert.IsType<ArgumentOutOfRangeException>(thrown.InnerException);

        string range = exception
            .Message.Split([" time ", " number "], StringSplitOptions.None)[^1]
            .Replace("of ", "", StringComparison.Ordinal)
            .TrimEnd('.');
        string documented = ThousandsSeparator().Replace(OptionDocumentation.ValueOf(property), "");
        Assert.Contains(range, documented, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_tables_on_the_page_are_generated_from_the_documentation()
    {
        string actual = Repository.Read(Page).ReplaceLineEndings("\n");

        string expected = Generate(actual);

        string generated = Path.Combine(Repository.Root, "artifacts", Path.GetFileName(Page));
        if (actual != expected)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(generated)!);
            File.WriteAllText(generated, expected);
        }

        Assert.True(actual == expected, $"Copy {generated} to {Page}, and review the difference.");
    }

    /// <summary>Replaces the row of each option. A new option follows the one that is declared before it.</summary>
    private static string Generate(string page)
    {
        List<string> lines = [.. page.Split('\n')];
        int last = -1;
        foreach (string key in Keys.Prepend("Provider"))
        {
            int row = lines.FindIndex(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));
            if (WriteRow(key) is { } text)
            {
                if (row < 0)
                    lines.Insert(row = last + 1, text);
                lines[row] = text;
            }

            if (row >= 0)
                last = row;
        }

        return string.Join('\n', lines);
    }

    private static string? WriteRow(string key)
    {
        if (key == "Provider")
        {
            string names = string.Join(", ", ProviderPreset.Names.Select(name => $"`{name}`"));
            return $"| `Provider` | text | not set | {names}. Case-insensitive. | The [preset](providers.md) for a known provider. |";
        }

        PropertyInfo property = PropertyOf(key);
        if (OptionDocumentation.MeaningOf(property) is not { } meaning)
            return null;

        string type = OptionTable.CodeOnly.ContainsKey(key) ? "code only" : DocumentationTests.DescribeType(property.PropertyType);
        object? value = new Option(key.Replace('.', ':'), typeof(string)).ValueOf(new OAuthIntrospectionOptions());
        return $"| `{key}` | {type} | {DocumentationTests.Describe(value)} | {OptionDocumentation.RangeOf(property)} | {meaning} |";
    }

    private static PropertyInfo PropertyOf(string key) => DocumentationTests.PropertyOf(typeof(OAuthIntrospectionOptions), key);

    [GeneratedRegex("(?<=[0-9]),(?=[0-9])", RegexOptions.None, 1000)]
    private static partial Regex ThousandsSeparator();
}
