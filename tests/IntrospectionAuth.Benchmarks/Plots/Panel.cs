namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Lines over one horizontal axis.</summary>
/// <param name="Title">What changes from left to right.</param>
/// <param name="Places">The places on the horizontal axis.</param>
/// <param name="IsLogarithmic">Whether they are placed by their logarithm.</param>
/// <param name="Series">The lines.</param>
internal sealed record Panel(string Title, IReadOnlyList<double> Places, bool IsLogarithmic, IReadOnlyList<Series> Series);
