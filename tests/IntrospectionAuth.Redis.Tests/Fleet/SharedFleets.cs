using IntrospectionAuth.Redis.Tests.Engines;

[assembly: AssemblyFixture(typeof(IntrospectionAuth.Redis.Tests.Fleet.SharedFleets))]

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>One fleet of three nodes per engine, for tests that change no setting and cause no fault.</summary>
public sealed class SharedFleets : IAsyncDisposable
{
    private readonly Dictionary<EngineKind, Task<TestFleet>> _fleets = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Task<TestFleet> fleet in _fleets.Values.Where(static fleet => fleet.IsCompletedSuccessfully))
            await (await fleet).DisposeAsync();
    }

    internal Task<TestFleet> GetAsync(EngineKind kind = EngineKind.Redis)
    {
        if (!_fleets.TryGetValue(kind, out Task<TestFleet>? fleet))
            _fleets[kind] = fleet = TestFleet.StartAsync(kind);
        return fleet;
    }
}
