using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Reads typed values from a scheme's configuration section, and collects what is wrong with them instead of stopping at the first fault.</summary>
internal sealed class ConfigurationReader(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Faults { get; } = [];

    public void String(string key, Action<string> set) => Read(key, static text => text, "a text", set);

    public void Boolean(string key, Action<bool> set) =>
        Read(key, static text => bool.TryParse(text, out bool value) ? value : default(bool?), "true or false", set);

    public void Int32(string key, Action<int> set) =>
        Read(key, static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : default(int?), "a whole number", set);

    public void TimeSpan(string key, Action<TimeSpan> set) => Read(key, ParseTimeSpan, "a time: seconds (30) or hh:mm:ss (00:00:30)", set);

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
        where T : class
    {
        if (Text(key) is { } text && parse(text) is { } value)
            Set(key, value, set);
    }

    private void Read<T>(string key, Func<string, T?> parse, string expectation, Action<T> set)
        where T : struct
    {
        if (Text(key) is not { } text)
            return;
        if (parse(text) is { } value)
            Set(key, value, set);
        else
            Faults.Add($"{key} is not {expectation}.");
    }

    private string? Text(string key)
    {
        IConfigurationSection? found = Section(key);
        if (found is { Value: null })
            Faults.Add($"{key} has settings inside, but is one value.");
        return found?.Value;
    }

    private void Set<T>(string key, T value, Action<T> set)
    {
        try
        {
            set(value);
        }
        catch (ArgumentException exception)
        {
            // A rule about one property lives in its setter; its message may show the value, which is harmless only for numbers.
            Faults.Add(exception is ArgumentOutOfRangeException ? $"{key} is out of range: {exception.Message}" : $"{key} is not valid.");
        }
    }

    /// <summary>A bare number means seconds: .NET would take it for days, which nobody means here.</summary>
    private static TimeSpan? ParseTimeSpan(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= int.MaxValue
            ? System.TimeSpan.FromSeconds(seconds)
            : System.TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) ? value : null;
}
