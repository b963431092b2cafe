namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>Something that was measured, once or in several rounds.</summary>
/// <param name="Key">What was measured, from the general to the particular, with slashes.</param>
/// <param name="Unit">The unit, empty for a count or a ratio.</param>
/// <param name="Rounds">What each round gave.</param>
internal sealed record Figure(string Key, string Unit, IReadOnlyList<double> Rounds)
{
    public double Median => Statistics.Quantile(Rounds, 0.5);

    public double Lowest => Rounds.Min();

    public double Highest => Rounds.Max();

    /// <summary>The median alone, to be compared with one that was measured at another time: their rounds are no pairs.</summary>
    public Figure Settled() => this with { Rounds = [Median] };

    /// <summary>Round by round, what this is above another that was measured beside it.</summary>
    public Figure Minus(Figure other) => this with { Rounds = [.. Rounds.Zip(other.Rounds, static (value, floor) => value - floor)] };

    /// <summary>Round by round, the share that this is of another that was measured beside it.</summary>
    public Figure DividedBy(Figure other) => this with { Unit = "", Rounds = [.. Rounds.Zip(other.Rounds, static (value, whole) => value / whole)] };
}
