using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>The settings of the API under load.</summary>
internal static class SoakSettings
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>How long the API may make no calls after a fault: the pause of the circuit breaker.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>The tolerance for a busy machine.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    public static readonly TimeSpan MaximumRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>How long 503 is allowed after a fault: calls may last until their timeout, and the API may pause after that.</summary>
    public static TimeSpan TailAfter(TimeSpan timeout, TimeSpan retryAfter) => timeout + (retryAfter > Pause ? retryAfter : Pause) + Slack;

    public static IEnumerable<string> ForTheApi =>
        [
            string.Create(CultureInfo.InvariantCulture, $"Cache:MaximumAge={MaximumAge}"),
            "Cache:RefreshAfter=00:00:02",
            "Cache:InactiveAge=00:00:02",
            string.Create(CultureInfo.InvariantCulture, $"Timeout={Timeout}"),
        ];
}
