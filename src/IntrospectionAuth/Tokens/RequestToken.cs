using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>The access token of a request: none, a bearer or DPoP token, or a malformed one.</summary>
internal readonly struct RequestToken
{
    private RequestToken(bool isMalformed, bool isDPoP, StringSegment value)
    {
        IsMalformed = isMalformed;
        IsDPoP = isDPoP;
        Value = value;
    }

    public static RequestToken None => default;

    public static RequestToken Malformed => new(isMalformed: true, isDPoP: false, default);

    public bool IsMalformed { get; }

    /// <summary>Whether the authorization scheme is <c>DPoP</c> (RFC 9449, section 7.1).</summary>
    public bool IsDPoP { get; }

    public bool IsNone => !IsMalformed && !Value.HasValue;

    /// <summary>The token as a part of the header, so that a cache hit allocates no string.</summary>
    public StringSegment Value { get; }

    public static RequestToken Found(StringSegment value) => new(isMalformed: false, isDPoP: false, value);

    /// <returns>The same, with the authorization scheme <c>DPoP</c>.</returns>
    public RequestToken AsDPoP() => new(IsMalformed, isDPoP: true, Value);
}
