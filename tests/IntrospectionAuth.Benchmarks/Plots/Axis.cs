namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>An axis from zero, with marks at round numbers.</summary>
internal sealed class Axis
{
    private readonly double _from,
        _length;

    public Axis(double highest, double from, double length, double unit = 1)
    {
        (_from, _length) = (from, length);
        Step = RoundStep(highest / unit / 4) * unit;
        End = Step * Math.Ceiling(highest / Step);
    }

    public double Step { get; }

    public double End { get; }

    public IEnumerable<double> Marks => Enumerable.Range(0, (int)Math.Round(End / Step) + 1).Select(mark => mark * Step);

    public double Place(double value) => _from + (Math.Max(value, 0) / End * _length);

    private static double RoundStep(double wish)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(wish)));
        double first = wish / magnitude;
        return magnitude
            * (
                first <= 1 ? 1
                : first <= 2 ? 2
                : first <= 5 ? 5
                : 10
            );
    }
}
