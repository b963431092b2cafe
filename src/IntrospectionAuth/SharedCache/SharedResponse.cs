using IntrospectionAuth.Removals;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.SharedCache;

/// <summary>A response from the shared cache, about to be compared with removals.</summary>
internal readonly ref struct SharedResponse(
    string scheme,
    string token,
    IntrospectionResponse response,
    DateTimeOffset obtainedAt,
    FeedStamp stamp,
    MemberPaths members
)
{
    /// <summary>When the authorization server was asked.</summary>
    public DateTimeOffset ObtainedAt { get; } = obtainedAt;

    public FeedStamp Stamp { get; } = stamp;

    /// <summary>Whether one of the removals after a position concerns the response.</summary>
    public bool IsIn(RemovalSet removals, long after) =>
        removals.Count > 0
        && (
            removals.Has(RemovalKind.Everything, "", after)
            || removals.Has(RemovalKind.Scheme, scheme, after)
            || removals.Has(RemovalKind.Token, Removal.HashToken(token), after)
            || removals.Matches(response, members, after)
        );
}
