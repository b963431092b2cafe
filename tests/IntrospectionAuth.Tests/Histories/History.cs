using System.Globalization;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>How many random histories each test runs. <c>build/histories.sh</c> runs more.</summary>
internal static class History
{
    /// <summary>The number for a test whose histories take microseconds.</summary>
    public static long Count { get; } =
        long.TryParse(
            Environment.GetEnvironmentVariable("INTROSPECTIONAUTH_HISTORIES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long count
        )
            ? count
            : 2_000;

    /// <summary>The number for a test whose histories need threads.</summary>
    public static long CountOfConcurrent => Math.Max(1, Count / 20);

    /// <summary>The number for a test whose histories take a millisecond, such as one that resolves tenants.</summary>
    public static long CountOfSlow => Math.Max(1, Count / 100);
}
