using System.Reflection;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Configuration;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The names of options, events, failures and messages that a page may use.</summary>
internal static partial class KnownNames
{
    private static readonly string[] s_all =
    [
        .. typeof(Log)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventName)
            .OfType<string>(),
        .. Enum.GetNames<OAuthIntrospectionFailure>(),
        .. OptionTable.All.Select(option => option.Key.Replace(':', '.')),
        .. OptionTable.CodeOnly.Keys,
        .. OptionTable.Groups,
        .. typeof(OAuthIntrospectionEvents).GetProperties().Select(property => property.Name),
        .. typeof(OAuthIntrospectionCache).GetMethods().Select(method => method.Name),
        .. typeof(BearerSelectorOptions).GetMethods().Select(method => method.Name),
    ];

    /// <summary>The names in a text that are none of this library.</summary>
    public static IEnumerable<string> UnknownIn(string text) =>
        Name().Matches(text).Select(match => match.Groups["name"].Value).Except(s_all, StringComparer.Ordinal);

    // `TokenFilter.Pattern`, but not `Audiences` and `scope`: a single word is rarely mistaken.
    [GeneratedRegex(@"`(?<name>[A-Z][a-z]+([A-Z][a-z]+)+(\.[A-Z]\w+)?)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
