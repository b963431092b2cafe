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

    /// <summary>The round that was disturbed least: what others do on the machine only ever adds to a cost.</summary>
    public Figure Undisturbed() => this with { Rounds = [Lowest] };

    /// <summary>What this costs above another, each in the round that was disturbed least.</summary>
    public Figure Above(Figure floor) => this with { Rounds = [Lowest - floor.Lowest] };

    /// <summary>Round by round, the share that this is of another that was measured beside it.</summary>
    public Figure DividedBy(Figure other) =>
        this with
        {
            Unit = "",
            Rounds = [.. Rounds.Zip(other.Rounds, static (value, whole) => value / whole)],
        };
}
