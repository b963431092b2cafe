namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>A line of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Style">The colour.</param>
/// <param name="Values">One value per position on the horizontal axis.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<double> Values);
