using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>The settings of the nodes under load, and the limits by which responses are judged.</summary>
internal static class FleetSettings
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>How long after its removal a token may be accepted while the feed works.</summary>
    public static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);

    /// <summary>How long after a fault the feed may take to work again.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    public static readonly string Secret = Convert.ToBase64String("a secret of the fleet under load"u8);

    public static IEnumerable<string> ForNode(int enginePort) =>
        [
            string.Create(CultureInfo.InvariantCulture, $"Cache:MaximumAge={MaximumAge}"),
            "Cache:RefreshAfter=00:00:15",
            "Cache:InactiveAge=00:00:02",
            string.Create(CultureInfo.InvariantCulture, $"SharedCache:Redis=127.0.0.1:{enginePort}"),
            "SharedCache:Secrets:0=" + Secret,
            string.Create(CultureInfo.InvariantCulture, $"SharedCache:FeedPatience={Patience}"),
        ];
}
