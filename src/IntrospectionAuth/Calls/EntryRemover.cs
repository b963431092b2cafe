using IntrospectionAuth.Caching;
using IntrospectionAuth.Removals;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Calls;

/// <summary>
/// Removes entries from the cache of this process, supersedes the in-flight calls that would bring them back, and reports removals to the
/// other nodes of a fleet.
/// </summary>
internal sealed class EntryRemover
{
    private readonly CacheKeyBuilder _keys;
    private readonly InFlightCalls _calls;
    private readonly IntrospectionCache _cache;
    private readonly RemovableMembers _members;
    private readonly Fleets _fleets;

    public EntryRemover(CacheKeyBuilder keys, InFlightCalls calls, IntrospectionCache cache, RemovableMembers members, Fleets fleets)
    {
        _keys = keys;
        _calls = calls;
        _cache = cache;
        _members = members;
        _fleets = fleets;
        fleets.Received += OnReceived;
    }

    /// <summary>Removes from this process what another node has removed, or this one for all tenants of a scheme.</summary>
    public void OnReceived(object? sender, RemovalsEventArgs received) => RemoveHere(received.Removals);

    /// <summary>Removes entries on every node. The other nodes follow within a second.</summary>
    /// <returns>The number of entries that were removed from this process.</returns>
    public int Remove(Removal removal)
    {
        Report(removal); // first, so that no shared entry brings back what is removed here
        int removed = RemoveHere([removal]);
        if (removal.Kind == RemovalKind.Token)
            RemoveShared(removal.Value);
        return removed;
    }

    /// <summary>The same for tokens that are selected by members of their responses: in one pass over the entries.</summary>
    public int Remove(IReadOnlyList<Removal> removals)
    {
        foreach (Removal removal in removals)
            Report(removal);
        return RemoveHere(removals);
    }

    /// <summary>Reports that the authorization server no longer accepts a token, of which other nodes may have an entry.</summary>
    public void ReportInactive(string token)
    {
        _fleets.Report(Removal.OfToken(token));
        RemoveShared(token);
    }

    /// <summary>A removal for all tenants is reported once, by the feed of the scheme.</summary>
    private void Report(Removal removal)
    {
        if (!_fleets.AreInformedBySchemes)
            _fleets.Report(removal);
    }

    private void RemoveShared(string token)
    {
        if (_fleets.All.Count == 0)
            return;

        List<(string Scheme, CacheKey Key)> keys = _keys.BuildAll(token);
        foreach (Fleet fleet in _fleets.All)
            fleet.Responses.Remove(keys);
    }

    private int RemoveHere(IReadOnlyList<Removal> removals)
    {
        int removed = 0;
        var members = new RemovalSet();
        foreach (Removal removal in removals)
        {
            switch (removal.Kind)
            {
                case RemovalKind.Everything:
                    _calls.RecordRemovalOfAll();
                    _cache.RemoveAll();
                    break;
                case RemovalKind.Token:
                    removed += RemoveToken(removal.Value);
                    break;
                case RemovalKind.Scheme:
                    _calls.RecordRemovalOfScheme(removal.Value);
                    _cache.RemoveAll(removal.Value);
                    break;
                default:
                    members.Add(removal.Kind, removal.Value, position: 0);
                    break;
            }
        }

        return members.Count == 0 ? removed : removed + RemoveMatching(members);
    }

    /// <summary>Removes the entries of a token under the keys of all options that its scheme has had.</summary>
    private int RemoveToken(string token)
    {
        // Calls before keys: a call that starts in between has added its key to those that BuildAll returns.
        _calls.RecordRemoval(token);
        return _keys.BuildAll(token).Sum(it => _cache.Remove(it.Scheme, it.Key));
    }

    private int RemoveMatching(RemovalSet removals)
    {
        _calls.RecordRemoval(scheme => removals.MatcherFor(scheme, _members));
        return _cache.Remove(scheme => removals.MatcherFor(scheme, _members));
    }
}
