using System.Text.RegularExpressions;

namespace IntrospectionAuth.Introspection;

/// <summary>Finds members with secret values by their names, in JSON and in a text that may have been JSON, a form or headers.</summary>
internal static partial class SecretMembers
{
    private const string Names =
        "((token|secret|password|passphrase|passwd|pwd|assertion|credential|cookie)s?"
        + "|(api|access|private|secret|shared|signing)[_-]?keys?|authorization)";

    private const string ShortNames = "(code|pin|otp)";

    // In a text they are secret in every object: whether the object has a kty may be in the part that is missing.
    private const string KeyMembers = "(d|p|q|dp|dq|qi|oth|k)";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    /// <summary>Masks the values of secret members in a text. A value that is cut, an array and an object are masked to the end.</summary>
    public static string MaskIn(string text, string mask) =>
        SecretMember()
            .Replace(
                text,
                match =>
                {
                    char first = match.Groups["value"].ValueSpan[0];
                    return match.Groups["name"].Value + (first is '"' or '\'' ? $"{first}{mask}{first}" : mask);
                }
            );

    [GeneratedRegex($"{Names}$|^{ShortNames}$", Options, 1000)]
    private static partial Regex SecretName();

    // Values: in quotes; in quotes that are escaped, in JSON inside of JSON; an array or object; the rest of a header's line; a word.
    [GeneratedRegex(
        $$"""(?<name>(((?<line>authorization|cookies?)|{{Names}})\\*["']?|["']({{ShortNames}}|{{KeyMembers}})\\*["'])\s*[=:](?>\s*))"""
            + """(?<value>"(?>[^"\\]+|\\.)*"?|'(?>[^'\\]+|\\.)*'?|(?<escape>\\+)".*?((?<!\\)\k<escape>"|$)|[\[{].*"""
            + """|(?(line)[^\r\n<]+|[^\s"'&<,;}]+))""",
        Options | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex SecretMember();
}
