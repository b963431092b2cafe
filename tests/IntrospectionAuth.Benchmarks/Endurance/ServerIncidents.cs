using IntrospectionAuth.Benchmarks.Soak;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Lets the authorization servers fail, one after another, and replaces their keys.</summary>
internal sealed class ServerIncidents(Surroundings surroundings, Injections injections, TimeProvider clock)
{
    // Keys are fetched at most once a minute because of an unknown one.
    private static readonly TimeSpan s_pauseOfKeys = TimeSpan.FromMinutes(1),
        s_calm = TimeSpan.FromSeconds(6);

    private readonly string[] _names = [.. surroundings.Servers.Keys];
    private int _next;

    public Task RunAsync(CancellationToken stop) => Injections.RunAsync(turn => InjectAsync(turn, stop), stop);

    private async Task InjectAsync(int turn, CancellationToken stop)
    {
        await Task.Delay(s_calm, clock, stop);
        if (turn % 6 == 4)
        {
            Rotate(surroundings.Servers[turn % 12 == 4 ? TenantNames.Signed : TenantNames.Pushing]);
            return;
        }

        // 5 servers and 18 faults, in steps of 1 and 7: each fault comes to each server.
        int number = _next++;
        TenantServer server = surroundings.Servers[_names[number % _names.Length]];
        Fault[] faults = ServerFaults.Of(server);
        Fault fault = faults[number * 7 % faults.Length];
        await InjectAsync(server, fault, TimeSpan.FromSeconds(2 + (turn * 7 % 5)), stop);
    }

    private async Task InjectAsync(TenantServer server, Fault fault, TimeSpan duration, CancellationToken stop)
    {
        injections.Count("server", fault.Name, server.Name);
        if (!fault.IsHarmless)
            server.Faults.Begin(clock.GetUtcNow());
        try
        {
            await fault.Begin();
            await Task.Delay(duration, clock, stop);
        }
        finally
        {
            server.Restore();
            DateTimeOffset until = clock.GetUtcNow() + SoakSettings.TailAfter(NodeSettings.LongestTimeout, fault.RetryAfter);
            if (!fault.IsHarmless)
                server.Faults.End(until);
        }
    }

    /// <summary>A node that fetched the keys within the last minute may lack the new one for the rest of that minute.</summary>
    private void Rotate(TenantServer server)
    {
        DateTimeOffset now = clock.GetUtcNow();
        injections.Count("server", "new key", server.Name);
        server.Rotations.Begin(now);
        DateTimeOffset fetchedAt = server.KeysFetchedAt;
        server.Keys.Rotate();
        DateTimeOffset until = fetchedAt + s_pauseOfKeys > now ? fetchedAt + s_pauseOfKeys : now;
        server.Rotations.End(until + NodeSettings.LongestTimeout + SoakSettings.Slack);
    }
}
