using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Caching;

/// <summary>
/// What a scheme's options have been in this process, as far as removal must know: under which keys entries may be kept, and which members
/// were mapped.
/// </summary>
/// <remarks>
/// A changed configuration finds none of the entries that an earlier one has made; when it is rolled back, it finds them again. Removal
/// therefore looks under the keys of them all.
/// </remarks>
internal sealed class OptionsHistory
{
    /// <summary>
    /// How many settings are remembered. A new epoch begins when there are more: keys of the old one are never built again, so their
    /// entries are out of reach.
    /// </summary>
    public const int Capacity = 1000;

    private readonly HashSet<CacheKey> _digests = [];
    private readonly HashSet<(string Path, string ClaimType)> _mappings = [];

    /// <summary>A part of every key.</summary>
    public int Epoch { get; private set; }

    public bool IsFull => _digests.Count + _mappings.Count >= Capacity;

    public IReadOnlyCollection<CacheKey> Digests => _digests;

    public string[] FindPathsMappedTo(string claimType) =>
        [.. _mappings.Where(mapping => mapping.ClaimType == claimType).Select(static mapping => mapping.Path)];

    public void Add(in CacheKey digest, IDictionary<string, string> mappings)
    {
        _digests.Add(digest);
        foreach ((string path, string claimType) in mappings)
        {
            if (MemberNames.Removable.Contains(claimType, StringComparer.Ordinal))
                _mappings.Add((path, claimType));
        }
    }

    public void BeginEpoch()
    {
        Epoch++;
        _digests.Clear();
        _mappings.Clear();
    }
}
