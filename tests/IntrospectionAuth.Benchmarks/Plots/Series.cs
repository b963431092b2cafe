namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Style">Its colour.</param>
/// <param name="Values">A value for each place on the horizontal axis.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<double> Values);
