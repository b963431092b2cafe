using System.Globalization;
using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Server;

/// <summary>
/// Collects the parts of a cache key, or compares them with parts that were collected before. Comparing allocates nothing.
/// </summary>
internal struct CacheKeyParts
{
    private readonly List<string?>? _collected;
    private readonly string?[] _earlier;
    private int _position;
    private bool _differs;

    private CacheKeyParts(List<string?>? collected, string?[] earlier)
    {
        _collected = collected;
        _earlier = earlier;
    }

    public readonly bool AreSame => !_differs && _position == _earlier.Length;

    public static CacheKeyParts Collect() => new([], []);

    public static CacheKeyParts CompareWith(string?[] earlier) => new(null, earlier);

    public readonly string?[] ToArray() => [.. _collected!];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(string? part)
    {
        // Every cache hit compares: unless options were changed in place, each part is the same instance as before.
        if ((uint)_position < (uint)_earlier.Length && ReferenceEquals(_earlier[_position], part))
            _position++;
        else
            AddOther(part);
    }

    /// <summary>The number of values comes first, so that the end of one collection never passes for the beginning of the next.</summary>
    public void Add(IList<string> values)
    {
        AddCount(values.Count);
        for (int i = 0; i < values.Count; i++)
            Add(values[i]);
    }

    /// <summary>Pairs are in the order of their names. Two dictionaries with the same pairs have the same parts.</summary>
    public void Add(IDictionary<string, string> pairs)
    {
        int count = pairs.Count;
        AddCount(count);
        if (_collected is not null)
        {
            foreach ((string name, string value) in pairs.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
                _collected.AddRange([name, value]);
            return;
        }

        for (int i = 0; i < count && !_differs; i++)
        {
            string name = _earlier[_position++]!;
            _differs = !pairs.TryGetValue(name, out string? value) || _earlier[_position++] != value;
        }
    }

    private void AddOther(string? part)
    {
        if (_collected is not null)
            _collected.Add(part);
        else if (_position == _earlier.Length || _earlier[_position++] != part)
            _differs = true;
    }

    private void AddCount(int count) => Add(count == 0 ? "0" : count.ToString(CultureInfo.InvariantCulture));
}
