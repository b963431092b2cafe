using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>What a request was found to carry: no access token, one, or something malformed; and whether it comes as a bearer token or with a DPoP proof.</summary>
internal readonly struct PresentedToken
{
    private PresentedToken(bool isMalformed, bool isDPoP, StringSegment value)
    {
        IsMalformed = isMalformed;
        IsDPoP = isDPoP;
        Value = value;
    }

    public static PresentedToken None => default;

    public static PresentedToken Malformed => new(isMalformed: true, isDPoP: false, default);

    public bool IsMalformed { get; }

    /// <summary>Whether the authorization scheme is <c>DPoP</c> (RFC 9449, section 7.1).</summary>
    public bool IsDPoP { get; }

    public bool IsNone => !IsMalformed && !Value.HasValue;

    /// <summary>The token, still inside the header that brought it: a cache hit needs no string of its own.</summary>
    public StringSegment Value { get; }

    public static PresentedToken Found(StringSegment value) => new(isMalformed: false, isDPoP: false, value);

    /// <returns>The same, with the authorization scheme <c>DPoP</c>.</returns>
    public PresentedToken AsDPoP() => new(IsMalformed, isDPoP: true, Value);
}
