using IntrospectionAuth.Tests.Quickstart;

namespace IntrospectionAuth.Tests.FleetSample;

/// <summary>Starts the fleet, or skips the test where Redis is not installed.</summary>
internal static class FleetProcess
{
    private static readonly bool s_hasRedis = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(static directory => File.Exists(Path.Combine(directory, "redis-server")));

    public static Task<SampleProcess> StartAsync()
    {
        Assert.SkipUnless(s_hasRedis, "There is no redis-server here: install the package 'redis-server'.");
        return SampleProcess.StartAsync(sample: "Fleet");
    }
}
