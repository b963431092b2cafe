using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>One fleet per engine, for faults that it has one after the other. One that does not recover is replaced.</summary>
public sealed class OutageFleets : IAsyncDisposable
{
    private readonly Dictionary<EngineKind, TestFleet> _recovered = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (TestFleet fleet in _recovered.Values)
            await fleet.DisposeAsync();
    }

    /// <summary>Runs a test with a fleet that works, and expects it to work afterwards.</summary>
    internal async Task UseAsync(EngineKind kind, TimeSpan patience, Func<TestFleet, Task> test)
    {
        if (!_recovered.Remove(kind, out TestFleet? fleet))
            fleet = await StartAsync(kind, patience);
        try
        {
            await test(fleet);
            _recovered.Add(kind, fleet);
        }
        finally
        {
            if (!_recovered.ContainsKey(kind))
                await fleet.DisposeAsync();
        }
    }

    private static Task<TestFleet> StartAsync(EngineKind kind, TimeSpan patience) =>
        TestFleet.StartAsync(
            kind,
            new(StringComparer.Ordinal) { ["SharedCache:FeedPatience"] = $"{patience.TotalSeconds}", ["SharedCache:Timeout"] = "0.05" }
        );
}
