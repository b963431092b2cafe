using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>The XML documentation of options, as Markdown.</summary>
internal static partial class OptionDocumentation
{
    private static readonly Dictionary<string, XElement> s_members = XDocument
        .Load(Path.ChangeExtension(typeof(OAuthIntrospectionOptions).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>
    /// What an option means: its summary as a phrase. Null for an option of the framework, whose documentation is not ours.
    /// </summary>
    public static string? MeaningOf(PropertyInfo property) =>
        Find(property, "summary") is { } summary ? Capitalize(Accessors().Replace(summary, "")) : null;

    /// <summary>The default of an option and the values it accepts.</summary>
    public static string ValueOf(PropertyInfo property) => Find(property, "value") ?? "";

    /// <summary>The same without the default, unless the default is explained: <c>Not set: until `exp`.</c></summary>
    public static string RangeOf(PropertyInfo property)
    {
        string value = ValueOf(property);
        Match start = Default().Match(value);
        string explanation = start.Groups["explanation"].Value;
        string name = start.Groups["value"].Value switch
        {
            "" or "an empty string" => "Empty",
            "`null`" => "Not set",
            var other => other,
        };

        return $"{(explanation.Length > 0 ? $"{name}: {explanation} " : "")}{value[start.Length..]}".Trim();
    }

    private static string? Find(PropertyInfo property, string element) =>
        s_members.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out XElement? member)
            ? Spaces().Replace(string.Concat(member.Element(element)?.Nodes().Select(Write) ?? []), " ").Trim()
            : null;

    private static string Write(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement element when element.Attribute("langword") is { } word => $"`{word.Value}`",
            XElement element when element.Attribute("cref") is { } reference => $"`{WriteReference(reference.Value)}`",
            _ => throw new InvalidOperationException($"How is {node} written in Markdown?"),
        };

    /// <summary>An option of a group has the group's name: <c>Cache.MaximumAge</c>.</summary>
    private static string WriteReference(string reference)
    {
        string[] parts = reference.Split(':')[1].Split('.');
        string? group = typeof(OAuthIntrospectionOptions)
            .GetProperties()
            .FirstOrDefault(property => property.PropertyType.Name == parts[^2] && OptionTable.Groups.Contains(property.Name))
            ?.Name;
        return group is null ? parts[^1] : $"{group}.{parts[^1]}";
    }

    private static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex("^Gets (or sets )?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Accessors();

    [GeneratedRegex(
        @"^(The default is (?<value>[^:]*?)|Empty by default)(: (?<explanation>.*?[^.]\.)|\.)( |$)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Default();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
