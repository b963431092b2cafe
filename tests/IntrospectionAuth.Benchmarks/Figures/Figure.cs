namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>A measured value, with one value per round.</summary>
/// <param name="Key">What was measured, as a path from general to specific.</param>
/// <param name="Unit">The unit, empty for a count or a ratio.</param>
/// <param name="Rounds">The value of each round.</param>
internal sealed record Figure(string Key, string Unit, IReadOnlyList<double> Rounds)
{
    public double Median => Statistics.Quantile(Rounds, 0.5);

    public double Lowest => Rounds.Min();

    public double Highest => Rounds.Max();

    /// <summary>The lowest round: other load on the machine can only add to a cost.</summary>
    public Figure Undisturbed() => this with { Rounds = [Lowest] };

    /// <summary>The cost above another figure, using the lowest round of each.</summary>
    public Figure Above(Figure floor) => this with { Rounds = [Lowest - floor.Lowest] };

    /// <summary>The ratio to another figure, round by round.</summary>
    public Figure DividedBy(Figure other) =>
        this with
        {
            Unit = "",
            Rounds = [.. Rounds.Zip(other.Rounds, static (value, whole) => value / whole)],
        };
}
