using System.Collections.Concurrent;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Removals;

/// <summary>
/// Finds the values by which a response can be removed: of a member itself, and of the members that a scheme's options map to it, or did.
/// </summary>
internal sealed class RemovableMembers(CacheKeyBuilder keys, IOptionsMonitor<OAuthIntrospectionOptions> options)
{
    private readonly ConcurrentDictionary<string, KnownPaths> _known = new(StringComparer.Ordinal);

    /// <summary>Finds the members for tests under a lock: this reads the scheme's options, which may run code of the application.</summary>
    public MemberPaths For(string scheme)
    {
        OAuthIntrospectionOptions? current = FindCurrent(scheme);
        int version = keys.HistoryVersion; // first: paths that are added meanwhile belong to the next version
        if (_known.TryGetValue(scheme, out KnownPaths? known) && known.Options == current && known.Version == version)
            return known.Paths;

        var paths = new MemberPaths(
            Enum.GetValues<RemovalKind>()
                .Where(static kind => Removal.MemberOf(kind) is not null)
                .ToDictionary(static kind => kind, kind => FindPaths(scheme, current, kind))
        );
        _known[scheme] = new KnownPaths(current, version, paths);
        return paths;
    }

    /// <summary>Builds a test for many responses.</summary>
    public Predicate<IntrospectionResponse> TestFor(string scheme, RemovalKind kind, Predicate<string> isValue)
    {
        string name = Removal.MemberOf(kind)!;
        string[] paths = FindPaths(scheme, FindCurrent(scheme), kind);
        return response => MemberPaths.Has(response, name, paths, isValue);
    }

    /// <summary>The current options may have mappings that no request has used yet.</summary>
    private string[] FindPaths(string scheme, OAuthIntrospectionOptions? current, RemovalKind kind)
    {
        string name = Removal.MemberOf(kind)!;
        IEnumerable<string> paths = current is null
            ? []
            : current.ClaimMappings.Where(mapping => mapping.Value == name).Select(static mapping => mapping.Key);
        return [.. paths.Union(keys.FindPathsMappedTo(scheme, name), StringComparer.Ordinal)];
    }

    private OAuthIntrospectionOptions? FindCurrent(string scheme)
    {
        try
        {
            return options.Get(scheme);
        }
        catch (Exception)
        {
            // A scheme that was removed at run time may have no valid options. The mappings that its requests used still apply.
            return null;
        }
    }

    private sealed record KnownPaths(OAuthIntrospectionOptions? Options, int Version, MemberPaths Paths);
}
