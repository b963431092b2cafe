using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Reads typed values from a scheme's configuration section, and collects what is wrong with them instead of stopping at the first fault.</summary>
internal sealed class ConfigurationReader(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Faults { get; } = [];

    public void String(string key, Action<string> set)
    {
        if (Text(key) is { } text)
            Set(key, text, "a text that is not empty", set);
    }

    public void Boolean(string key, Action<bool> set) =>
        Read(key, static text => bool.TryParse(text, out bool value) ? value : default(bool?), "true or false", set);

    public void Int32(string key, string range, Action<int> set) =>
        Read(key, static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : default(int?), $"a whole number {range}", set);

    public void TimeSpan(string key, string range, Action<TimeSpan> set) =>
        Read(key, ParseTimeSpan, $"a time {range}, in seconds (30) or as [d.]hh:mm:ss (00:00:30)", set);

    /// <summary>Reads a list; one value may also stand alone. What was in the list before, a preset's values, gives way.</summary>
    public void List(string key, IList<string> list)
    {
        if (Section(key) is not { } found)
            return;

        list.Clear();
        if (found.Value is { } single)
            list.Add(single);
        foreach (IConfigurationSection child in found.GetChildren())
            list.Add(child.Value ?? "");
    }

    public void Dictionary(string key, IDictionary<string, string> dictionary)
    {
        foreach (IConfigurationSection child in Section(key)?.GetChildren() ?? [])
            dictionary[child.Key] = child.Value ?? "";
    }

    /// <summary>Whoever writes <c>Audience</c> for <c>Audiences</c> must not believe that audiences are checked.</summary>
    public void RefuseUnknownKeys(string path)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
                Faults.Add($"{path}{child.Key} is not a setting. Known settings are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
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
    private static TimeSpan? ParseTimeSpan(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= int.MaxValue
            ? System.TimeSpan.FromSeconds(seconds)
            : System.TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan value) ? value : null;
}
