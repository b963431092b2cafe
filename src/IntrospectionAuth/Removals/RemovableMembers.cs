using IntrospectionAuth.Caching;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Removals;

/// <summary>
/// Finds the values by which a response can be removed: of a member itself, and of the members that a scheme's options map to it, or did.
/// </summary>
internal sealed class RemovableMembers(CacheKeyBuilder keys, IOptionsMonitor<OAuthIntrospectionOptions> options)
{
    /// <summary>Finds the members for tests under a lock: this reads the scheme's options, which may run code of the application.</summary>
    public MemberPaths For(string scheme) =>
        new(
            Enum.GetValues<RemovalKind>()
                .Where(static kind => Removal.MemberOf(kind) is not null)
                .ToDictionary(static kind => kind, kind => FindPaths(scheme, kind))
        );

    /// <summary>Builds a test for many responses.</summary>
    public Predicate<IntrospectionResponse> TestFor(string scheme, RemovalKind kind, Predicate<string> isValue)
    {
        string name = Removal.MemberOf(kind)!;
        string[] paths = FindPaths(scheme, kind);
        return response => MemberPaths.Has(response, name, paths, isValue);
    }

    private string[] FindPaths(string scheme, RemovalKind kind)
    {
        string name = Removal.MemberOf(kind)!;
        return [.. FindCurrentPathsMappedTo(scheme, name).Union(keys.FindPathsMappedTo(scheme, name), StringComparer.Ordinal)];
    }

    /// <summary>The current options may have mappings that no request has used yet.</summary>
    private IEnumerable<string> FindCurrentPathsMappedTo(string scheme, string name)
    {
        try
        {
            return options.Get(scheme).ClaimMappings.Where(mapping => mapping.Value == name).Select(static mapping => mapping.Key);
        }
        catch (Exception)
        {
            // A scheme that was removed at run time may have no valid options. The mappings that its requests used still apply.
            return [];
        }
    }
}
