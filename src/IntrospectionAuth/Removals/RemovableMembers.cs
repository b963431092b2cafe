using IntrospectionAuth.Caching;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Removals;

/// <summary>
/// Finds the values by which a response can be removed: of a member itself, and of the members that a scheme's options map to it, or did.
/// </summary>
internal sealed class RemovableMembers(CacheKeyBuilder keys, IOptionsMonitor<OAuthIntrospectionOptions> options)
{
    public bool Has(IntrospectionResponse response, string scheme, RemovalKind kind, Predicate<string> isValue) =>
        TestFor(scheme, kind, isValue)(response);

    /// <summary>Builds a test for many responses.</summary>
    public Predicate<IntrospectionResponse> TestFor(string scheme, RemovalKind kind, Predicate<string> isValue)
    {
        string name = Removal.MemberOf(kind)!;
        string[] paths = [.. FindCurrentPathsMappedTo(scheme, name).Union(keys.FindPathsMappedTo(scheme, name), StringComparer.Ordinal)];
        return response =>
            ResponseMembers.Has(response, name, isValue) || Array.Exists(paths, path => ResponseMembers.HasAt(response, path, isValue));
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
