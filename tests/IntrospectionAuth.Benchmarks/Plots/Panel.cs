namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Lines over one horizontal axis.</summary>
/// <param name="Title">The label of the horizontal axis.</param>
/// <param name="Places">The positions on the horizontal axis.</param>
/// <param name="IsLogarithmic">Whether the axis is logarithmic.</param>
/// <param name="Series">The lines.</param>
internal sealed record Panel(string Title, IReadOnlyList<double> Places, bool IsLogarithmic, IReadOnlyList<Series> Series);
