using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds the keys of a section that are no settings, and the settings that were probably meant.</summary>
/// <param name="section">The section of a scheme, or of a group in it.</param>
/// <param name="group">The name of the group with a colon; empty for the scheme itself.</param>
internal sealed class UnknownKeys(IConfiguration section, string group = "")
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<UnknownKeys> _groups = [];

    private IEnumerable<string> Own => _known.Select(key => group + key);

    private IEnumerable<string> All => Own.Concat(_groups.SelectMany(static inside => inside.All));

    public void AddKnown(string key) => _known.Add(key);

    public UnknownKeys AddGroup(string key, IConfiguration inside)
    {
        var keys = new UnknownKeys(inside, $"{group}{key}:");
        _groups.Add(keys);
        return keys;
    }

    /// <summary>The faults of a scheme and its groups.</summary>
    public IEnumerable<string> Find() => FindAmong([.. All]);

    private IEnumerable<string> FindAmong(string[] settings) =>
        section
            .GetChildren()
            .Where(child => !_known.Contains(child.Key))
            .Select(child => Describe(child.Key, settings))
            .Concat(_groups.SelectMany(inside => inside.FindAmong(settings)));

    private string Describe(string key, string[] settings)
    {
        string? meant =
            settings.FirstOrDefault(name => name.AsSpan(name.LastIndexOf(':') + 1).Equals(key, StringComparison.OrdinalIgnoreCase))
            ?? NearestName.Find(key, Own)
            ?? NearestName.Find(key, settings);
        string known = string.Join(", ", _known.Order(StringComparer.Ordinal));
        return $"{group}{key} is not a setting.{NearestName.Ask(meant)} Known settings are {known}.";
    }
}
