namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Bars that are compared with each other.</summary>
/// <param name="Label">What the bars measure.</param>
/// <param name="Bars">The bars.</param>
/// <param name="Limit">The budget, in the unit of the bars.</param>
internal sealed record BarGroup(string Label, IReadOnlyList<Bar> Bars, double? Limit = null);
