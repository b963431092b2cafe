using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Reads typed values from a scheme's configuration section, and collects every fault instead of stopping at the first one.
/// </summary>
/// <remarks>
/// The platform's configuration binder, reflective or generated, cannot do what this reader does:
/// <list type="bullet">
/// <item>It throws at the first value that it cannot convert or that a setter rejects. A user would fix one setting per start.</item>
/// <item>It appends to a list that has values. A list in configuration must replace the list of a provider's preset.</item>
/// <item>It reads a plain number as days (<c>30</c>), <c>24:00:00</c> as 24 days and <c>05:00</c> as 5 hours, without an error.</item>
/// <item>
/// It splits names in a map at their colons (<c>urn:example:roles</c>), and does not read a map from a list of <c>name=value</c>.
/// </item>
/// <item>It accepts an enum by its number, and ignores an object where a single value belongs.</item>
/// <item>It knows neither the named client authentication methods nor presets, which apply before the other keys.</item>
/// </list>
/// </remarks>
internal sealed class ConfigurationReader(IConfiguration section, UnknownKeys keys)
{
    public List<string> Faults { get; } = [];

    public void String(string key, Action<string> set)
    {
        if (Text(key) is { } text)
            Set(text, set);
    }

    /// <summary>Reads a text for which the option has no rule of its own, but an empty one would have no meaning.</summary>
    public void NonEmptyString(string key, Action<string> set) =>
        String(key, text => set(OptionValue.NotEmpty(string.IsNullOrWhiteSpace(text) ? "" : text, key)));

    /// <summary>Reads a name, case-insensitively. The number of an enum member is not a setting.</summary>
    public void Enum<T>(string key, Action<T> set)
        where T : struct, Enum =>
        Read(
            key,
            static text =>
                System.Enum.TryParse(text, ignoreCase: true, out T value)
                && System.Enum.IsDefined(value)
                && string.Equals(value.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase)
                    ? value
                    : default(T?),
            string.Join(" or ", System.Enum.GetNames<T>()),
            set
        );

    public void Boolean(string key, Action<bool> set) =>
        Read(key, static text => bool.TryParse(text, out bool value) ? value : default(bool?), "true or false", set);

    public void Int32(string key, Action<int> set) =>
        Read(
            key,
            static text =>
                int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : default(int?),
            "a whole number, without separators, sign or exponent",
            set
        );

    public void Double(string key, Action<double> set) =>
        Read(
            key,
            static text =>
                double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    ? value
                    : default(double?),
            "a number, without separators, sign or exponent",
            set
        );

    public void TimeSpan(string key, Action<TimeSpan> set)
    {
        if (Text(key) is not { } text)
            return;

        if (TimeReader.Read(text, out string? advice) is { } value)
            Set(value, set, TimeReader.AdviceForMilliseconds(text));
        else
            AddMismatch(key, "a time, in seconds (30) or as [d.]hh:mm:ss (00:00:30)", advice);
    }

    /// <summary>Reads a list or a single value. It replaces the values of a preset.</summary>
    /// <remarks>
    /// Configuration reads an empty array as an empty text, which may also be an environment variable without a value. Neither must turn
    /// off a check, so both are a fault. An empty array in one source and values in another are a list.
    /// </remarks>
    public void List(string key, IList<string> list)
    {
        if (Section(key) is not { } found)
            return;

        IEnumerable<IConfigurationSection> children = found.GetChildren();
        bool hasChildren = children.Any();
        if (hasChildren && !string.IsNullOrEmpty(found.Value))
        {
            // One source sets a value and another a list. Configuration merges them instead of overriding one.
            Faults.Add($"{key} is set both as a single value and as a list. Remove one of them.");
            return;
        }

        if (!hasChildren && string.IsNullOrWhiteSpace(found.Value))
        {
            Faults.Add($"{key} is empty. Remove it, or list values. To clear the list of a preset, use code.");
            return;
        }

        list.Clear();
        if (!hasChildren)
            list.Add(found.Value!);
        foreach (IConfigurationSection child in children)
        {
            if (!MapReader.IsPosition(child.Key) || child.GetChildren().Any())
                Faults.Add($"{key}:{child.Key} is not an element of a list. Write {key} as an array of texts, or with numbers: {key}:0.");
            else
                list.Add(child.Value ?? "");
        }
    }

    /// <summary>Reads a list of whole numbers.</summary>
    public void List(string key, IList<int> list)
    {
        var texts = new List<string>();
        if (Section(key) is null)
            return;

        List(key, texts);
        list.Clear();
        foreach (string text in texts)
        {
            if (int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                list.Add(value);
            else
                AddMismatch(key, "a list of whole numbers");
        }
    }

    /// <summary>Reads a map. Its members are added to those of a preset.</summary>
    public void Dictionary(string key, IDictionary<string, string> dictionary)
    {
        if (Object(key) is not { } found)
            return;

        foreach ((string name, string value) in new MapReader(Faults).Read(found, key))
            dictionary[name] = value;
    }

    /// <summary>Reads a group of settings.</summary>
    public void Object(string key, Action<ConfigurationReader> read)
    {
        // A group that is not there is read too: then its settings are known.
        IConfigurationSection found = Object(key) ?? section.GetSection(key);
        var inside = new ConfigurationReader(found, keys.AddGroup(key, found));
        read(inside);
        Faults.AddRange(inside.Faults.Select(fault => $"{key}:{fault}"));
    }

    private IConfigurationSection? Object(string key)
    {
        IConfigurationSection? found = Section(key);
        if (!string.IsNullOrEmpty(found?.Value))
            Faults.Add($"{key} is a single value, but must contain settings.");
        return found;
    }

    /// <summary>An unknown key is a fault: <c>Audience</c> instead of <c>Audiences</c> would turn off a check.</summary>
    public void FindUnknownKeys() => Faults.AddRange(keys.Find());

    public IConfigurationSection? Section(string key)
    {
        keys.AddKnown(key);
        IConfigurationSection found = section.GetSection(key);
        return found.Exists() ? found : null;
    }

    private void Read<T>(string key, Func<string, T?> parse, string expectation, Action<T> set)
        where T : struct
    {
        if (Text(key) is not { } text)
            return;
        if (parse(text) is { } value)
            Set(value, set);
        else
            AddMismatch(key, expectation);
    }

    private string? Text(string key)
    {
        IConfigurationSection? found = Section(key);
        if (found?.GetChildren().Any() != true)
            return found?.Value;

        Faults.Add($"{key} contains settings, but must be a single value.");
        return null;
    }

    private void Set<T>(T value, Action<T> set, string? advice = null)
    {
        try
        {
            set(value);
        }
        catch (ArgumentException exception) // the setter's message names the option and what it accepts, and never contains the value
        {
            Add(exception.Message, advice);
        }
    }

    private void AddMismatch(string key, string expectation, string? advice = null) => Add($"{key} is not {expectation}.", advice);

    private void Add(string fault, string? advice) => Faults.Add(advice is null ? fault : $"{fault} {advice}");
}
