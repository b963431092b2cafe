using IntrospectionAuth.Redis.Tests.Engines;
using StackExchange.Redis;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>The faults of the engine and of the network between it and each node.</summary>
/// <param name="engine">The engine.</param>
/// <param name="networks">The network of each node; the first is that of node 1.</param>
internal sealed class EngineFaults(EngineProcess engine, IReadOnlyList<TcpProxy> networks)
{
    public FleetFault[] All() =>
        [
            OfNetwork("cut", static network => network.Cut()),
            OfNetwork("slow by 10 ms", static network => network.Delay(TimeSpan.FromMilliseconds(10))) with
            {
                KeepsFeed = true,
            },
            OfEngine("flush", () => engine.SendAsync("FLUSHALL"), () => Task.CompletedTask) with
            {
                KeepsFeed = true,
            },
            OfNetwork("hang", static network => network.Hang()),
            OfEngine("restart", engine.RestartAsync, () => Task.CompletedTask),
            OfNetwork("slow by 300 ms", static network => network.Delay(TimeSpan.FromMilliseconds(300))),
            OfEngine("full", () => Set("maxmemory", "1"), () => Set("maxmemory", "0")),
            OfNetwork("dropped connections", static network => network.DropConnections()),
            OfOne("one node cut", number: 2, static network => network.Cut()),
            OfEngine("no replicas to write to", () => Set("min-replicas-to-write", "1"), () => Set("min-replicas-to-write", "0")),
            OfEngine("stopped", engine.EndAsync, engine.BeginAsync),
            OfEngine("paused", () => Do(engine.Pause), () => Do(engine.Resume)),
            OfOne("one node hangs", number: 3, static network => network.Hang()),
            OfEngine("locked out", LockOutAsync, () => engine.SendAsync("ACL", "SETUSER", "default", "on")),
            OfEngine(
                "writes forbidden",
                () => engine.SendAsync("ACL", "SETUSER", "default", "-@write"),
                () => engine.SendAsync("ACL", "SETUSER", "default", "+@all")
            ),
            OfEngine(
                "read-only replica",
                () => engine.SendAsync("REPLICAOF", "127.0.0.1", "1"),
                () => engine.SendAsync("REPLICAOF", "NO", "ONE")
            ),
            OfEngine("evicting everything", () => Evict("allkeys-random", "2mb"), () => Evict("noeviction", "0")),
        ];

    private static FleetFault OfEngine(string name, Func<Task> begin, Func<Task> end) => new(name, begin, end);

    private FleetFault OfNetwork(string name, Action<TcpProxy> begin) =>
        new(name, () => ForEach(begin), () => ForEach(static network => network.Restore()));

    private FleetFault OfOne(string name, int number, Action<TcpProxy> begin) =>
        new(name, () => Do(() => begin(networks[number - 1])), () => Do(networks[number - 1].Restore)) { Nodes = [number] };

    private Task<RedisResult> Set(string name, string value) => engine.SendAsync("CONFIG", "SET", name, value);

    private async Task Evict(string policy, string memory)
    {
        await Set("maxmemory-policy", policy);
        await Set("maxmemory", memory);
    }

    private async Task LockOutAsync()
    {
        await engine.SendAsync("ACL", "SETUSER", "default", "off");
        await engine.CloseConnectionsAsync();
    }

    private Task ForEach(Action<TcpProxy> action) => Do(() => networks.ToList().ForEach(action));

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
