using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Caching;

/// <summary>
/// The options that a scheme has had in this process, as far as removal needs them: the digests in its keys, and its claim mappings.
/// </summary>
/// <remarks>
/// Changed options build other keys and do not find earlier entries; when the options are rolled back, the entries are found again. Removal
/// therefore covers the keys of all options that the scheme has had.
/// </remarks>
internal sealed class OptionsHistory
{
    /// <summary>
    /// The number of digests and mappings that are kept. Beyond it a new epoch begins: keys of the old epoch are never built again, so
    /// their entries cannot be found.
    /// </summary>
    public const int Capacity = 1000;

    private readonly HashSet<CacheKey> _digests = [];
    private readonly HashSet<(string Path, string ClaimType)> _mappings = [];

    /// <summary>The number of times that the history was cleared. It is a part of every key.</summary>
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
