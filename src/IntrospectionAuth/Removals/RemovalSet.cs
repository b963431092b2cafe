using System.Runtime.InteropServices;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Removals;

/// <summary>Removals with their positions in a feed, arranged so that a response is not compared with each of them.</summary>
/// <remarks>Callers synchronize.</remarks>
internal sealed class RemovalSet
{
    private readonly Dictionary<string, long>?[] _byKind = new Dictionary<string, long>?[Enum.GetValues<RemovalKind>().Length];

    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>The kinds that select tokens by a member of the response.</summary>
    public IEnumerable<RemovalKind> MemberKinds =>
        Enum.GetValues<RemovalKind>().Where(kind => Removal.MemberOf(kind) is not null && _byKind[(int)kind]?.Count > 0);

    /// <summary>Adds a removal, or moves it to a later position. A token is given by its hash.</summary>
    public void Add(RemovalKind kind, string value, long position)
    {
        Dictionary<string, long> positions = _byKind[(int)kind] ??= new(StringComparer.Ordinal);
        ref long known = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, value, out bool exists);
        if (!exists)
            Count++;
        if (!exists || position > known)
            known = position;
    }

    /// <summary>Removes a removal, unless it has been moved to a later position.</summary>
    public void Remove(RemovalKind kind, string value, long position)
    {
        if (_byKind[(int)kind] is { } positions && positions.GetValueOrDefault(value, long.MinValue) == position)
        {
            positions.Remove(value);
            Count--;
        }
    }

    public void Clear()
    {
        Array.Clear(_byKind);
        Count = 0;
    }

    /// <summary>Whether the value itself was removed after a position.</summary>
    public bool Has(RemovalKind kind, string value, long after) =>
        _byKind[(int)kind] is { } it && it.TryGetValue(value, out long at) && at > after;

    /// <summary>Whether a member of the response has a value that was removed after a position.</summary>
    public bool Matches(IntrospectionResponse response, MemberPaths members, long after)
    {
        foreach (RemovalKind kind in MemberKinds)
        {
            Dictionary<string, long> positions = _byKind[(int)kind]!;
            if (members.Has(response, kind, value => positions.TryGetValue(value, out long at) && at > after))
                return true;
        }

        return false;
    }

    /// <summary>Builds the test whether a response of a scheme is removed. The set must not change afterwards.</summary>
    public Predicate<IntrospectionResponse> MatcherFor(string scheme, RemovableMembers members)
    {
        if (Has(RemovalKind.Scheme, scheme, long.MinValue))
            return static _ => true;

        var tests = new List<Predicate<IntrospectionResponse>>();
        foreach (RemovalKind kind in MemberKinds)
        {
            Dictionary<string, long> positions = _byKind[(int)kind]!;
            tests.Add(members.TestFor(scheme, kind, positions.ContainsKey));
        }

        return response => tests.Exists(test => test(response));
    }
}
