using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.Claims;

/// <summary>A dictionary that is created on first use. The properties of a ticket have two of them, which are rarely read.</summary>
internal class OnDemandDictionary<TValue> : IDictionary<string, TValue>
{
    private Dictionary<string, TValue>? _created;

    public int Count => Created.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => Created.Keys;

    public ICollection<TValue> Values => Created.Values;

    private Dictionary<string, TValue> Created => _created ?? Interlocked.CompareExchange(ref _created, Create(), null) ?? _created;

    private ICollection<KeyValuePair<string, TValue>> Pairs => Created;

    public TValue this[string key]
    {
        get => Created[key];
        set => Created[key] = value;
    }

    public bool ContainsKey(string key) => Created.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value) => Created.TryGetValue(key, out value);

    public void Add(string key, TValue value) => Created.Add(key, value);

    public bool Remove(string key) => Created.Remove(key);

    public void Clear() => Created.Clear();

    public void Add(KeyValuePair<string, TValue> item) => Pairs.Add(item);

    public bool Contains(KeyValuePair<string, TValue> item) => Pairs.Contains(item);

    public bool Remove(KeyValuePair<string, TValue> item) => Pairs.Remove(item);

    public void CopyTo(KeyValuePair<string, TValue>[] array, int arrayIndex) => Pairs.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, TValue>> GetEnumerator() => Created.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Creates the dictionary with its first items. Several threads may call it; one of the results is used.</summary>
    protected virtual Dictionary<string, TValue> Create() => new(StringComparer.Ordinal);
}
