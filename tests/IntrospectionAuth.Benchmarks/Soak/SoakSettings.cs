using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>What the API under load is set to, and so what it has promised.</summary>
internal static class SoakSettings
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>How long the API may refuse to ask after a fault: a circuit breaker's pause.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How much later than that it may happen on a machine that is busy with other things.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    public static readonly TimeSpan MaximumRetryAfter = TimeSpan.FromMinutes(5);

    public static IEnumerable<string> ForTheApi =>
        [
            string.Create(CultureInfo.InvariantCulture, $"Cache:MaximumAge={MaximumAge}"),
            "Cache:RefreshAfter=00:00:02",
            "Cache:InactiveAge=00:00:02",
            string.Create(CultureInfo.InvariantCulture, $"Timeout={Timeout}"),
        ];
}
