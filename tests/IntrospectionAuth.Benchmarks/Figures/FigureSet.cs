using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>The figures of a run.</summary>
internal sealed class FigureSet
{
    private readonly Dictionary<string, Figure> _figures = new(StringComparer.Ordinal);

    /// <summary>Notes about the run: the machine, the mode, what went wrong.</summary>
    public SortedDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Figure> All => _figures.Values;

    public Figure this[string key] => Find(key) ?? throw new KeyNotFoundException($"{key} was not measured.");

    public Figure? Find(string key) => _figures.GetValueOrDefault(key);

    /// <summary>Adds a value; a second value with the same key is a second round.</summary>
    public void Add(string key, string unit, double value)
    {
        Take(new Figure(key, unit, [.. Find(key)?.Rounds ?? [], value]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {key, -45} {value, 14:#,0.###} {unit}"));
    }

    public void Take(Figure figure) => _figures[figure.Key] = figure;
}
