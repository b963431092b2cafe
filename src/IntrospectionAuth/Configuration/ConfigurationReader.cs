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

    /// <summary>Reads a name, without regard to case. Its number is not accepted: who could say what it means?</summary>
    public void Enum<T>(string key, Action<T> set)
        where T : struct, Enum =>
        Read(
            key,
            static text => System.Enum.TryParse(text, ignoreCase: true, out T value) && string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase) ? value : default(T?),
            string.Join(" or ", System.Enum.GetNames<T>()),
            set);

    public void Boolean(string key, Action<bool> set) =>
        Read(key, static text => bool.TryParse(text, out bool value) ? value : default(bool?), "true or false", set);

    public void Int32(string key, string range, Action<int> set) =>
        Read(key, static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : default(int?), $"a whole number {range}", set);

    public void Double(string key, string range, Action<double> set) =>
        Read(key, static text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : default(double?), $"a number {range}", set);

    public void TimeSpan(string key, string range, Action<TimeSpan> set) =>
        Read(key, ParseTimeSpan, $"a time {range}, in seconds (30) or as [d.]hh:mm:ss (00:00:30)", set);

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
            list.Add(child.Value ?? "");
    }

    public void Dictionary(string key, IDictionary<string, string> dictionary)
    {
        foreach (IConfigurationSection child in Object(key)?.GetChildren() ?? [])
        {
            if (!child.GetChildren().Any())
                dictionary[child.Key] = child.Value ?? "";
            else
                Faults.Add($"{key}:{child.Key} has settings inside, but is one value.");
        }
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
        if (found is { Value: null })
            Faults.Add($"{key} has settings inside, but is one value.");
        return found?.Value;
    }

    private void Set<T>(string key, T value, string expectation, Action<T> set)
    {
        try
        {
            set(value);
        }
        catch (ArgumentException) // a rule about one property lies in its setter; its message may show the value
        {
            Refuse(key, expectation);
        }
    }

    private void Refuse(string key, string expectation) => Faults.Add($"{key} is not {expectation}.");

    /// <summary>
    /// A bare number means seconds: .NET would take it for days, which nobody means here. For the same reason the format is exact: <c>TimeSpan.Parse</c> reads
    /// <c>24:00:00</c> as 24 days.
    /// </summary>
    private static TimeSpan? ParseTimeSpan(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return System.TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan value) ? value : null;

        bool isNumber = double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        return isNumber && seconds is >= 0 and <= int.MaxValue ? System.TimeSpan.FromSeconds(seconds) : null;
    }
}
