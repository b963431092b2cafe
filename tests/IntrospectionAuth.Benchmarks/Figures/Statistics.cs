namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>Quantiles of measured values.</summary>
internal static class Statistics
{
    /// <summary>Interpolates between the two nearest values.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
