using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.TokenRetrieval;

/// <summary>What a request was found to carry: no bearer token, one, or something malformed.</summary>
internal readonly struct BearerToken
{
    private BearerToken(bool isMalformed, StringSegment value)
    {
        IsMalformed = isMalformed;
        Value = value;
    }

    public static BearerToken None => default;

    public static BearerToken Malformed => new(isMalformed: true, default);

    public bool IsMalformed { get; }

    public bool IsNone => !IsMalformed && !Value.HasValue;

    /// <summary>The token, still inside the header that brought it: a cache hit needs no string of its own.</summary>
    public StringSegment Value { get; }

    public static BearerToken Found(StringSegment value) => new(isMalformed: false, value);
}
