namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Bars that are compared with each other.</summary>
/// <param name="Label">What they measure.</param>
/// <param name="Bars">The bars.</param>
/// <param name="Limit">Where the budget ends, in the bars' unit.</param>
internal sealed record BarGroup(string Label, IReadOnlyList<Bar> Bars, double? Limit = null);
