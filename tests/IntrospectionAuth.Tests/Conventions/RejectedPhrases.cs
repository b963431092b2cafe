using System.Text;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Phrases that make a reader stop, each with what to write in its place.</summary>
internal static partial class RejectedPhrases
{
    /// <summary>Each phrase is a regular expression over lower-case words with one space between them.</summary>
    private static readonly (string Phrase, string Instead)[] _all =
    [
        ("answer[a-z]*", "response, result or cache entry; respond"),
        ("whoever", "the caller, the server or the application"),
        ("whatever", "regardless of"),
        ("none of it|such a one|of such a", "the thing's name"),
        ("his own", "its own"),
        ("who (has|have|is|are|was|does|do) (not|no|none)", "callers that lack it"),
        ("nobody|somebody|no one|everybody", "no caller, another caller, every caller"),
        ("let(s|ting)? ([a-z]+ )?in", "accept"),
        ("(left|leaves?|leaving) ([a-z]+ )?alone", "back off, ignore or keep"),
        ("house|rooms?", "architecture or module"),
        ("behind (the|a|its) [a-z]+ (s )?back", "in the background"),
        ("all the same", "still"),
        ("(does|do|would) not do(?! [a-z])", "is not allowed, is too old"),
        ("nor (is|does|do|are|has|have|can|was|were) (it|they|the|a|an)", "two sentences"),
        ("overrul[a-z]+|overtak[a-z]+|overtook|refut[a-z]+", "superseded"),
        ("com(es|ing) of it", "results"),
        ("for ever", "indefinitely"),
        ("stand(s|ing)? (in )?for", "represents or is equivalent to"),
        ("from which on", "after which"),
        ("a word for", "the name of"),
        ("(is|are|was|were|be|been|being) told", "receives"),
        ("anew", "again"),
        ("take(s|n)? note of", "picked up"),
        ("found (a|no) place", "fits or does not fit"),
        ("displac[a-z]+", "evict"),
        ("worthless", "invalid"),
        ("newcomers?", "new entry"),
        ("had from|can be had|is to be had", "obtained or available"),
        ("once for all(?! [a-z])", "once"),
        ("(the|its) last word", "decides or runs last"),
        ("under way", "in flight"),
        ("turn(s|ed|ing)? ([a-z]+ )?away", "reject"),
    ];

    private static readonly Regex _pattern = new(
        $@"\b({string.Join('|', _all.Select(rejected => rejected.Phrase))})\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Compiled,
        TimeSpan.FromSeconds(10)
    );

    /// <summary>The phrases in a text, each with its line and what to write in its place.</summary>
    /// <remarks>
    /// A phrase is also found across two lines of a comment or a string, in <c>snake_case</c> and in <c>PascalCase</c>, but not across the
    /// end of a sentence.
    /// </remarks>
    public static IEnumerable<(int Line, string Phrase, string Instead)> In(string text)
    {
        var words = new StringBuilder();
        List<(int Start, int Line)> lines = [(0, 1)];
        foreach (ValueMatch match in Word().EnumerateMatches(text))
        {
            if (text[match.Index] == '\n')
                lines.Add((words.Length, lines.Count + 1));
            else
                words.Append(text.AsSpan(match.Index, match.Length)).Append(' ');
        }

        return _pattern
            .Matches(words.ToString().ToLowerInvariant())
            .Select(match => (lines.Last(line => line.Start <= match.Index).Line, match.Value, InsteadOf(match.Value)));
    }

    private static string InsteadOf(string phrase) =>
        _all.First(rejected =>
            Regex.IsMatch(phrase, $"^({rejected.Phrase})$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
        ).Instead;

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[.,:;!?(){}<>=]|\n", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Word();
}
