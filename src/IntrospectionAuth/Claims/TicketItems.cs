using System.Collections;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Claims;

/// <summary>The items of a ticket's properties, created on first use: they are rarely read, and dates are costly to format.</summary>
internal sealed class TicketItems(IntrospectionResponse response, string? savedToken) : IDictionary<string, string?>
{
    private Dictionary<string, string?>? _items;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => Items.Keys;

    public ICollection<string?> Values => Items.Values;

    private Dictionary<string, string?> Items => _items ?? Interlocked.CompareExchange(ref _items, Create(), null) ?? _items;

    private ICollection<KeyValuePair<string, string?>> Pairs => Items;

    public string? this[string key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value) => Items.TryGetValue(key, out value);

    public void Add(string key, string? value) => Items.Add(key, value);

    public bool Remove(string key) => Items.Remove(key);

    public void Clear() => Items.Clear();

    public void Add(KeyValuePair<string, string?> item) => Pairs.Add(item);

    public bool Contains(KeyValuePair<string, string?> item) => Pairs.Contains(item);

    public bool Remove(KeyValuePair<string, string?> item) => Pairs.Remove(item);

    public void CopyTo(KeyValuePair<string, string?>[] array, int arrayIndex) => Pairs.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<string, string?> Create()
    {
        var items = new Dictionary<string, string?>(StringComparer.Ordinal);
        var properties = new AuthenticationProperties(items) { IssuedUtc = response.IssuedAt, ExpiresUtc = response.ExpiresAt };
        if (savedToken is not null)
            properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = savedToken }]);
        return items;
    }
}
