using System.Globalization;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>Keeps a text from controlling the terminal: it may hold what a server, its certificate or a settings file says.</summary>
internal static partial class TerminalText
{
    /// <summary>Writes characters that are not printed, such as the start of an escape sequence, by their numbers. Lines stay.</summary>
    public static string Escape(string text) =>
        Control().Replace(text, static found => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)found.Value[0]:x4}"));

    [GeneratedRegex(@"(?!\r?\n)[\p{Cc}\p{Cf}]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Control();
}
