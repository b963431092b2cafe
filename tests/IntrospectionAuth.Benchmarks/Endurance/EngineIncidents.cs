using IntrospectionAuth.Benchmarks.Fleet;
using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Lets the engine fail, and kills and starts a node.</summary>
internal sealed class EngineIncidents(
    EngineProcess engine,
    IReadOnlyList<EnduranceNode> nodes,
    Surroundings surroundings,
    Injections injections,
    TimeProvider clock
)
{
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(8);

    private readonly EnduranceNode _killed = nodes[^1];
    private int _next;

    public Task RunAsync(CancellationToken stop) => Injections.RunAsync(turn => InjectAsync(turn, stop), stop);

    private async Task InjectAsync(int turn, CancellationToken stop)
    {
        await Task.Delay(s_calm, clock, stop);
        if (turn % 3 == 1)
        {
            await RestartAsync(isCrash: turn % 6 == 1, TimeSpan.FromSeconds(turn % 5));
            return;
        }

        FleetFault[] faults = new EngineFaults(engine, [.. nodes.Select(static node => node.Network)]).All();
        FleetFault fault = faults[_next++ % faults.Length];
        injections.Count("engine", fault.Name);
        surroundings.Engine.Begin(clock.GetUtcNow());
        if (!fault.KeepsFeed)
            surroundings.Feed.Begin(fault.Name, fault.Nodes, clock.GetUtcNow());
        try
        {
            await fault.Begin();
            await Task.Delay(TimeSpan.FromSeconds(1 + (turn * 5 % 8)), clock, stop);
        }
        finally
        {
            await fault.End();
            DateTimeOffset until = clock.GetUtcNow() + FleetSettings.Recovery;
            surroundings.Engine.End(until);
            if (!fault.KeepsFeed)
                surroundings.Feed.End(until);
        }

        await Task.Delay(FleetSettings.Recovery, clock, stop);
    }

    private async Task RestartAsync(bool isCrash, TimeSpan pause)
    {
        await surroundings.Starting.WaitAsync();
        injections.Count("node", isCrash ? "killed" : "stopped");
        FaultLog down = surroundings.Down[_killed.Number - 1];
        down.Begin(clock.GetUtcNow());
        await _killed.StopAsync(isCrash);
        await Task.Delay(pause, clock);
        await _killed.StartAsync();
        down.End(clock.GetUtcNow() + SoakSettings.Slack);
        surroundings.Starting.Release();
    }
}
