using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>A figure to be drawn as a bar, with the range of its rounds.</summary>
/// <param name="Name">Whose it is, for the legend; empty when the group says so.</param>
/// <param name="Style">Its colour: <see cref="Drawing.Ours"/> and so on.</param>
/// <param name="Figure">The figure.</param>
internal sealed record Bar(string Name, string Style, Figure Figure);
