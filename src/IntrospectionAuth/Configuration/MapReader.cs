using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Reads a map whose names may contain colons. Configuration splits keys at colons, so this joins the parts.
/// </summary>
/// <remarks>
/// A map may also be a list of <c>name=value</c>, for environment variables: shells and orchestrators restrict their names, not their
/// values.
/// </remarks>
internal sealed class MapReader(List<string> faults)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Read(IConfigurationSection map, string key)
    {
        foreach (IConfigurationSection child in map.GetChildren())
        {
            if (IsPosition(child.Key))
                ReadPair(child, key);
            else
                ReadNamed(child, key, child.Key);
        }

        return _values;
    }

    /// <summary>Whether the key is the index of an element of a list.</summary>
    public static bool IsPosition(string key) => key.Length > 0 && key.All(char.IsAsciiDigit);

    /// <summary>One section can be a whole name and the start of others: <c>a</c> and <c>a:b</c>.</summary>
    private void ReadNamed(IConfigurationSection section, string key, string name)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0 || section.Value is not null)
            Add(key, name, section.Value);

        if (children.Length > 0 && children.All(static child => IsPosition(child.Key)))
        {
            faults.Add(
                $"{key}:{name} is a list, but takes one value. "
                    + $"(If a name really ends in a colon and a number, write {key} as a list of name=value.)"
            );
            return;
        }

        foreach (IConfigurationSection child in children)
            ReadNamed(child, key, $"{name}:{child.Key}");
    }

    private void ReadPair(IConfigurationSection element, string key)
    {
        int end = element.Value?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        if (end > 0 && !element.GetChildren().Any())
            Add(key, element.Value![..end].Trim(), element.Value[(end + 1)..].Trim());
        else
            faults.Add($"{key}:{element.Key} is not name=value.");
    }

    private void Add(string key, string name, string? value)
    {
        if (value is null)
            faults.Add($"{key}:{name} has no value. Write the value that is meant, or remove it.");
        else if (!_values.TryAdd(name, value) && _values[name] != value)
            faults.Add($"{key}:{name} is set twice, by its name and in a list of name=value, to different values. Remove one of them.");
    }
}
