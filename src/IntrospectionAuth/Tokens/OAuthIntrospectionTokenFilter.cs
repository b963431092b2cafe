using System.Buffers;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth;

/// <summary>What the tokens of this scheme's authorization server look like: a token that cannot be one of them costs neither a call nor an entry in the cache.</summary>
/// <remarks>
/// It is looked at on every request, before the cache. It saves calls and keeps foreign tokens from this server, but it is no check: about a
/// token that looks right the server is asked as ever. Set only what the server promises of its tokens, for it may change the rest.
/// </remarks>
public sealed class OAuthIntrospectionTokenFilter
{
    private Regex? _pattern;

    /// <summary>Gets the beginnings of which a token must have one.</summary>
    /// <value>Empty by default: a token may begin with anything. The comparison is ordinal.</value>
    public IList<string> Prefixes { get; } = [];

    /// <summary>Gets or sets the length of the shortest token that is let through, in characters.</summary>
    /// <value>The default is 0. At most <see cref="MaximumLength"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MinimumLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 0);
    }

    /// <summary>Gets or sets the length of the longest token that is let through, in characters.</summary>
    /// <value>The default is <see langword="null"/>: up to <see cref="OAuthIntrospectionOptions.MaximumTokenLength"/>, beyond which a token is malformed. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int? MaximumLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    }

    /// <summary>Gets or sets a regular expression that the whole token must match, from its first character to its last.</summary>
    /// <value>The default is <see langword="null"/>: a token may have any characters.</value>
    /// <remarks>
    /// It is matched without backtracking (<see cref="RegexOptions.NonBacktracking"/>), so the time grows with the token's length and with nothing
    /// else in it. Say lengths with <see cref="MinimumLength"/> and <see cref="MaximumLength"/>, which come first: counts within
    /// counts, as in <c>([a-z]{1,60}-?){1,20}</c>, can take seconds for the first token.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The value is empty, not a regular expression, too large, or needs backtracking: it has a backreference, a lookaround, a condition or an atomic group.
    /// </exception>
    public string? Pattern
    {
        get;
        set
        {
            _pattern = value is null ? null : BuildPattern(value);
            field = value;
        }
    }

    /// <summary>Gets or sets what becomes of a token that is not let through.</summary>
    /// <value>The default is <see cref="TokenFilterMismatch.Refuse"/>.</value>
    /// <remarks>Where several schemes serve one endpoint, <see cref="TokenFilterMismatch.PassOn"/> leaves the token to the others.</remarks>
    public TokenFilterMismatch Mismatch { get; set; }

    internal bool IsEmpty => Prefixes.Count == 0 && MinimumLength == 0 && MaximumLength is null && _pattern is null;

    internal bool LetsThrough(ReadOnlySpan<char> token) =>
        token.Length >= MinimumLength
        && (MaximumLength is not { } maximum || token.Length <= maximum)
        && HasPrefix(token)
        && (_pattern is null || _pattern.IsMatch(token));

    /// <summary>Whether some token of these characters can begin so: <c>Bearer acme_</c> is no beginning of any.</summary>
    internal static bool IsBeginningOfToken(string prefix, SearchValues<char>? characters) =>
        !AuthorizationReader.ReadToken(prefix, int.MaxValue, characters).IsMalformed;

    private bool HasPrefix(ReadOnlySpan<char> token)
    {
        int count = Prefixes.Count;
        for (int i = 0; i < count; i++)
        {
            if (token.StartsWith(Prefixes[i], StringComparison.Ordinal))
                return true;
        }

        return count == 0;
    }

    private static Regex BuildPattern(string pattern)
    {
        const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        OptionValue.NotEmpty(pattern, nameof(Pattern));
        try
        {
            // The pattern alone comes first: "a)|(?:b" is invalid, but would be valid between the anchors, and escape them.
            _ = new Regex(pattern, Options, Regex.InfiniteMatchTimeout);
            return new Regex($@"\A(?:{pattern})\z", Options, Regex.InfiniteMatchTimeout);
        }
        catch (ArgumentException exception)
        {
            throw OptionValue.Invalid("Pattern is not a regular expression.", exception);
        }
        catch (NotSupportedException exception)
        {
            throw OptionValue.Invalid(
                "Pattern cannot be matched without backtracking, whose time would have no limit. "
                    + "Remove backreferences, lookarounds, conditions, atomic groups and large counts.",
                exception
            );
        }
    }
}
