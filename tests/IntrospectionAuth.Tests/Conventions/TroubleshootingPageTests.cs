using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>docs/troubleshooting.md: what an operator or a developer sees is there, word for word.</summary>
public sealed partial class TroubleshootingPageTests
{
    private const string Page = "docs/troubleshooting.md";

    private static readonly string s_text = Repository.Read(Page).ReplaceLineEndings("\n");

    [Fact]
    public void Every_warning_and_error_has_an_entry_with_its_sentence()
    {
        IEnumerable<string> messages = typeof(Log)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Where(message => message.Level >= LogLevel.Warning || s_text.Contains($"### `{message.EventName}`", StringComparison.Ordinal))
            .Select(message => $"{message.EventName}, {message.Level}: {SentenceOf(message.Message)}");

        IEnumerable<string> entries = Entry()
            .Matches(s_text)
            .Select(entry => $"{entry.Groups["name"].Value}, {entry.Groups["level"].Value}: {TextOf(entry.Groups["quote"].Value)}");

        Assert.Equal(messages.Order(StringComparer.Ordinal), entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_401_has_a_row_with_its_description()
    {
        OAuthIntrospectionFailure[] others =
        [
            OAuthIntrospectionFailure.MalformedRequest,
            OAuthIntrospectionFailure.Unavailable,
            OAuthIntrospectionFailure.RejectedByApplication,
        ];

        Assert.Equal(
            Enum.GetValues<OAuthIntrospectionFailure>()
                .Except(others)
                .Select(failure => $"\"{FailureDescription.For(failure)}\"")
                .Order(StringComparer.Ordinal),
            DocumentationTests
                .Rows(Page, "`WWW-Authenticate`")
                .Select(row => row[0])
                .Where(cell => cell.StartsWith('"'))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_startup_message_is_one_of_the_library()
    {
        string code = string.Concat(Repository.SourceFiles("src/IntrospectionAuth").Select(file => file.Text));

        IEnumerable<string> parts = DocumentationTests
            .Rows(Page, "The message begins")
            .SelectMany(row => Code().Matches(row[0]).SelectMany(match => match.Groups["code"].Value.Split('…')))
            .Select(part => part.Trim())
            .Where(part => part.Length > 0);

        Assert.NotEmpty(parts);
        Assert.All(parts, part => Assert.Contains(part, code, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_page_names_exists()
    {
        string[] ofTheFramework =
        [
            "HttpContext",
            "OptionsValidationException",
            "UseRouting",
            "UseAuthentication",
            "UseAuthorization",
            "EndpointDataSource",
            "IAuthorizationPolicyProvider",
        ];

        Assert.Empty(KnownNames.UnknownIn(s_text).Except(ofTheFramework, StringComparer.Ordinal));
    }

    /// <summary>A message without its values, and without how often it is logged.</summary>
    private static string SentenceOf(string message) => Placeholder().Replace(Frequency().Split(message)[0], "…");

    private static string TextOf(string quote) => string.Join(' ', quote.TrimEnd().Split('\n').Select(line => line[2..]));

    [GeneratedRegex(
        @"^### `(?<name>\w+)`\n\n(?<quote>(> .*\n)+)\n(?<level>\w+)\.",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Entry();

    [GeneratedRegex(" Logged (once|at most|when)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Frequency();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
