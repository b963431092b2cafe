using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.TokenRetrieval;

/// <summary>What a request was found to carry: no bearer token, one, or something malformed.</summary>
internal readonly struct PresentedToken
{
    private PresentedToken(bool isMalformed, StringSegment value)
    {
        IsMalformed = isMalformed;
        Value = value;
    }

    public static PresentedToken None => default;

    public static PresentedToken Malformed => new(isMalformed: true, default);

    public bool IsMalformed { get; }

    public bool IsNone => !IsMalformed && !Value.HasValue;

    /// <summary>The token, still inside the header that brought it: a cache hit needs no string of its own.</summary>
    public StringSegment Value { get; }

    public static PresentedToken Found(StringSegment value) => new(isMalformed: false, value);
}
