using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>The figures of a run.</summary>
internal sealed class FigureSet
{
    private readonly Dictionary<string, Figure> _figures = new(StringComparer.Ordinal);

    /// <summary>What is known of the run beside numbers: the machine, the mode, what went wrong.</summary>
    public SortedDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Figure> All => _figures.Values;

    public Figure this[string key] => Find(key) ?? throw new KeyNotFoundException($"Nobody measured {key}.");

    public Figure? Find(string key) => _figures.GetValueOrDefault(key);

    /// <summary>Notes a value; another value with the same key is another round of it.</summary>
    public void Add(string key, string unit, double value)
    {
        Take(new Figure(key, unit, [.. Find(key)?.Rounds ?? [], value]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {key,-45} {value,14:#,0.###} {unit}"));
    }

    public void Take(Figure figure) => _figures[figure.Key] = figure;

    /// <summary>Takes over what another run has measured.</summary>
    public void Merge(FigureSet other)
    {
        foreach (Figure figure in other.All)
            Take(figure);
        foreach ((string name, string value) in other.Notes)
            Notes[name] = value;
    }

    /// <summary>Round by round, what one figure is above another that was measured beside it.</summary>
    public Figure Above(string key, string floorKey) => Combine(key, floorKey, static (value, floor) => value - floor);

    /// <summary>Round by round, the share that one figure is of another that was measured beside it.</summary>
    public Figure Share(string key, string wholeKey) => Combine(key, wholeKey, static (value, whole) => value / whole) with { Unit = "" };

    private Figure Combine(string key, string otherKey, Func<double, double, double> combine)
    {
        Figure figure = this[key];
        return figure with { Rounds = [.. figure.Rounds.Zip(this[otherKey].Rounds, combine)] };
    }
}
