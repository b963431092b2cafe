using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>The access token of a request: none, a bearer or DPoP token, or a malformed one.</summary>
internal readonly struct RequestToken
{
    private RequestToken(TokenFault fault, bool isDPoP, StringSegment value)
    {
        Fault = fault;
        IsDPoP = isDPoP;
        Value = value;
    }

    public static RequestToken None => default;

    /// <summary>Why the token is malformed.</summary>
    public TokenFault Fault { get; }

    public bool IsMalformed => Fault != TokenFault.None;

    /// <summary>Whether the authorization scheme is <c>DPoP</c> (RFC 9449, section 7.1).</summary>
    public bool IsDPoP { get; }

    public bool IsNone => !IsMalformed && !Value.HasValue;

    /// <summary>The token as a part of the header, so that a cache hit allocates no string.</summary>
    public StringSegment Value { get; }

    public static RequestToken Found(StringSegment value) => new(TokenFault.None, isDPoP: false, value);

    public static RequestToken Malformed(TokenFault fault) => new(fault, isDPoP: false, default);

    /// <returns>The same, with the authorization scheme <c>DPoP</c>.</returns>
    public RequestToken AsDPoP() => new(Fault, isDPoP: true, Value);
}
