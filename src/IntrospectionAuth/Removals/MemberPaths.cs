using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Removals;

/// <summary>The members by which responses of a scheme can be removed. Testing a response runs no code of the application.</summary>
internal sealed class MemberPaths(IReadOnlyDictionary<RemovalKind, string[]> mapped)
{
    public bool Has(IntrospectionResponse response, RemovalKind kind, Predicate<string> isValue) =>
        Has(response, Removal.MemberOf(kind)!, mapped[kind], isValue);

    /// <param name="response">The response.</param>
    /// <param name="name">The member itself.</param>
    /// <param name="paths">The members that are mapped to it.</param>
    /// <param name="isValue">Whether a value is meant.</param>
    public static bool Has(IntrospectionResponse response, string name, string[] paths, Predicate<string> isValue) =>
        ResponseMembers.Has(response, name, isValue) || Array.Exists(paths, path => ResponseMembers.HasAt(response, path, isValue));
}
