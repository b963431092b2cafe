using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Reads typed values from a scheme's configuration section, and collects what is wrong with them instead of stopping at the first fault.</summary>
internal sealed class ConfigurationReader(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Faults { get; } = [];

    public void String(string key, Action<string> set, string expectation = "a text that is not empty")
    {
        if (Text(key) is { } text)
            Set(key, text, expectation, set);
    }

    /// <summary>Reads a text of which an empty one means nothing; it would not mean "not set" either.</summary>
    public void NonEmptyString(string key, Action<string> set) =>
        String(
            key,
            text =>
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(text);
                set(text);
            }
        );

    /// <summary>Reads a name, without regard to case. Its number is not accepted: who could say what it means?</summary>
    public void Enum<T>(string key, Action<T> set)
        where T : struct, Enum =>
        Read(
            key,
            static text =>
                System.Enum.TryParse(text, ignoreCase: true, out T value)
                && string.Equals(value.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase)
                    ? value
                    : default(T?),
            string.Join(" or ", System.Enum.GetNames<T>()),
            set
        );

    public void Boolean(string key, Action<bool> set) =>
        Read(key, static text => bool.TryParse(text, out bool value) ? value : default(bool?), "true or false", set);

    public void Int32(string key, string range, Action<int> set) =>
        Read(
            key,
            static text =>
                int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : default(int?),
            $"a whole number {range}, without separators",
            set
        );

    public void Double(string key, string range, Action<double> set) =>
        Read(
            key,
            static text =>
                double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    ? value
                    : default(double?),
            $"a number {range}, without separators",
            set
        );

    public void TimeSpan(string key, string range, Action<TimeSpan> set)
    {
        string expectation = $"a time {range}, in seconds (30) or as [d.]hh:mm:ss (00:00:30)";
        if (Text(key) is not { } text)
            return;

        if (TimeReader.Read(text, out string? advice) is { } value)
            Set(key, value, expectation, set, TimeReader.AdviceForMilliseconds(text));
        else
            Refuse(key, expectation, advice);
    }

    /// <summary>Reads a list; one value may also stand alone. What was in the list before, a preset's values, gives way.</summary>
    public void List(string key, IList<string> list)
    {
        if (Section(key) is not { } found)
            return;

        IEnumerable<IConfigurationSection> children = found.GetChildren();
        if (!string.IsNullOrEmpty(found.Value) && children.Any())
        {
            // One source has overridden another, and did not: the other's values are still there.
            Faults.Add($"{key} is set both as one value and as a list. Remove one of them.");
            return;
        }

        list.Clear();
        if (found.Value is { } single && !children.Any())
            list.Add(single);
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
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                list.Add(value);
            else
                Refuse(key, "a list of whole numbers");
        }
    }

    /// <summary>Reads a map. Its members are added to those that are there already, a preset's.</summary>
    public void Dictionary(string key, IDictionary<string, string> dictionary)
    {
        if (Object(key) is not { } found)
            return;

        foreach ((string name, string value) in new MapReader(Faults).Read(found, key))
            dictionary[name] = value;
    }

    /// <summary>Reads settings that lie inside of another.</summary>
    public void Object(string key, Action<ConfigurationReader> read)
    {
        if (Object(key) is not { } found)
            return;

        var inside = new ConfigurationReader(found);
        read(inside);
        inside.RefuseUnknownKeys();
        Faults.AddRange(inside.Faults.Select(fault => $"{key}:{fault}"));
    }

    /// <summary>A setting that has settings inside.</summary>
    private IConfigurationSection? Object(string key)
    {
        IConfigurationSection? found = Section(key);
        if (!string.IsNullOrEmpty(found?.Value))
            Faults.Add($"{key} is one value, but has settings inside.");
        return found;
    }

    /// <summary>Whoever writes <c>Audience</c> for <c>Audiences</c> must not believe that audiences are checked.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
                Faults.Add($"{child.Key} is not a setting. Known settings are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    public IConfigurationSection? Section(string key)
    {
        _known.Add(key);
        IConfigurationSection found = section.GetSection(key);
        return found.Exists() ? found : null;
    }

    private void Read<T>(string key, Func<string, T?> parse, string expectation, Action<T> set)
        where T : struct
    {
        if (Text(key) is not { } text)
            return;
        if (parse(text) is { } value)
            Set(key, value, expectation, set);
        else
            Refuse(key, expectation);
    }

    private string? Text(string key)
    {
        IConfigurationSection? found = Section(key);
        if (found?.GetChildren().Any() != true)
            return found?.Value;

        Faults.Add($"{key} has settings inside, but is one value.");
        return null;
    }

    private void Set<T>(string key, T value, string expectation, Action<T> set, string? advice = null)
    {
        try
        {
            set(value);
        }
        catch (ArgumentException) // a rule about one property lies in its setter; its message may show the value
        {
            Refuse(key, expectation, advice);
        }
    }

    private void Refuse(string key, string expectation, string? advice = null) =>
        Faults.Add($"{key} is not {expectation}.{(advice is null ? "" : " " + advice)}");
}
