using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth;

/// <summary>What tokens of this scheme's authorization server look like. Other tokens cost no call and no cache entry.</summary>
/// <remarks>
/// The filter runs on every request, before the cache. It saves calls and keeps foreign tokens from this server, but it validates nothing:
/// a matching token is introspected. Require only what the server guarantees, because it may change the rest of its tokens.
/// </remarks>
public sealed class OAuthIntrospectionTokenFilter
{
    private Regex? _pattern;

    /// <summary>Gets accepted prefixes: a token must start with one of them.</summary>
    /// <value>
    /// Empty by default: any prefix. No empty values, no characters that a token cannot have, none longer than the longest accepted token.
    /// The comparison is ordinal.
    /// </value>
    public IList<string> Prefixes { get; } = [];

    /// <summary>Gets or sets the length of the shortest accepted token, in characters.</summary>
    /// <value>The default is 0. 0 or more, and at most <see cref="MaximumLength"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MinimumLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 0);
    }

    /// <summary>Gets or sets the length of the longest accepted token, in characters.</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="OAuthIntrospectionOptions.MaximumTokenLength"/>, beyond which a token is
    /// malformed. 1 or more.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? MaximumLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    }

    /// <summary>Gets or sets a regular expression that must match the whole token.</summary>
    /// <value>
    /// The default is <see langword="null"/>: any characters. Without backreferences, lookarounds, conditions and atomic groups.
    /// </value>
    /// <remarks>
    /// It is matched without backtracking (<see cref="RegexOptions.NonBacktracking"/>), in a time that depends only on the token's length.
    /// Limit lengths with <see cref="MinimumLength"/> and <see cref="MaximumLength"/>, which are checked first: nested counts such as
    /// <c>([a-z]{1,60}-?){1,20}</c> can take seconds for the first token.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The value is empty, not a regular expression, too large, or cannot be matched without backtracking.
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

    /// <summary>Gets or sets what happens to a token that does not match.</summary>
    /// <value>
    /// The default is <c>Reject</c>: the token is rejected. <c>Ignore</c> leaves it to the other schemes of the endpoint, and needs a
    /// prefix, a length or a pattern.
    /// </value>
    public TokenFilterMismatch Mismatch { get; set; }

    internal bool IsEmpty => Prefixes.Count == 0 && MinimumLength == 0 && MaximumLength is null && _pattern is null;

    internal bool Accepts(ReadOnlySpan<char> token) => HasLength(token) && HasPrefix(token) && HasPattern(token);

    /// <returns>What the filter expects, as a phrase.</returns>
    internal string Describe()
    {
        var parts = new List<string>();
        if (Prefixes.Count > 0)
            parts.Add("a prefix of " + string.Join(", ", Prefixes));
        if (MinimumLength > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"at least {MinimumLength} characters"));
        if (MaximumLength is { } maximum)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"at most {maximum} characters"));
        if (Pattern is { } pattern)
            parts.Add("the pattern " + pattern);
        return string.Join(", ", parts);
    }

    /// <returns>Why the filter rejects a token, as a phrase without any part of it; null when it accepts it.</returns>
    internal string? FindMismatch(ReadOnlySpan<char> token) =>
        !HasLength(token) ? string.Create(CultureInfo.InvariantCulture, $"{token.Length} characters")
        : !HasPrefix(token) ? "another prefix"
        : !HasPattern(token) ? "characters that do not match the pattern"
        : null;

    /// <summary>Whether a token can start with the prefix. None can start with <c>Bearer acme_</c>.</summary>
    internal static bool IsTokenPrefix(string prefix, SearchValues<char>? characters) =>
        !AuthorizationReader.ReadToken(prefix, int.MaxValue, characters).IsMalformed;

    private bool HasLength(ReadOnlySpan<char> token) =>
        token.Length >= MinimumLength && (MaximumLength is not { } maximum || token.Length <= maximum);

    private bool HasPattern(ReadOnlySpan<char> token) => _pattern is null || _pattern.IsMatch(token);

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
