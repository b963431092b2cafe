namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>Quantiles of measured values.</summary>
internal static class Statistics
{
    /// <summary>The interval that has the true median with a probability of 95 %, by the ranks of the sorted values.</summary>
    public static (double Low, double High) MedianInterval(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double distance = 0.98 * Math.Sqrt(sorted.Length); // 1.96 standard deviations of the rank, each half the root
        int low = Math.Max(0, (int)Math.Floor((sorted.Length - 1) / 2.0 - distance)),
            high = Math.Min(sorted.Length - 1, (int)Math.Ceiling((sorted.Length - 1) / 2.0 + distance));
        return (sorted[low], sorted[high]);
    }

    /// <summary>Interpolates between the two nearest values.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
