using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>A bar for a figure, with the range of its rounds.</summary>
/// <param name="Name">The name in the legend; empty if the group's label suffices.</param>
/// <param name="Style">The colour, such as <see cref="Drawing.Ours"/>.</param>
/// <param name="Figure">The figure.</param>
internal sealed record Bar(string Name, string Style, Figure Figure);
