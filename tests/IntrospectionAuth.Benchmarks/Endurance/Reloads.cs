namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>Changes the settings of all nodes while they run.</summary>
internal sealed class Reloads(
    IReadOnlyList<EnduranceNode> nodes,
    NodeSettings settings,
    Surroundings surroundings,
    Injections injections,
    TimeProvider clock
)
{
    // A change of a file is noticed within a second, also on a busy machine.
    private static readonly TimeSpan s_effect = TimeSpan.FromSeconds(5),
        s_calm = TimeSpan.FromSeconds(16);

    public void Write()
    {
        foreach (EnduranceNode node in nodes)
            settings.Write(node.SettingsFile, node.Network.Port);
    }

    public Task RunAsync(CancellationToken stop) => Injections.RunAsync(turn => ChangeAsync(turn, stop), stop);

    private async Task ChangeAsync(int turn, CancellationToken stop)
    {
        await Task.Delay(s_calm, clock, stop);
        switch (turn % 4)
        {
            case 0:
                string audience = Other(surroundings.Audience, TenantNames.Audience, TenantNames.OtherAudience);
                settings.Audience = audience;
                await ChangeAsync("audience", surroundings.Audience, audience);
                break;
            case 1:
                string guest = Other(surroundings.Guest, TenantNames.Present, TenantNames.Absent);
                settings.HasGuest = guest == TenantNames.Present;
                await ChangeAsync(settings.HasGuest ? "tenant added" : "tenant removed", surroundings.Guest, guest);
                break;
            case 2:
                injections.Count("reload", "timeout");
                settings.Timeout =
                    settings.Timeout == NodeSettings.LongestTimeout ? NodeSettings.ShortestTimeout : NodeSettings.LongestTimeout;
                Write();
                break;
            default:
                await BreakAsync(stop);
                break;
        }
    }

    private static string Other(ChangingSetting setting, string one, string other) => setting.Latest == one ? other : one;

    private async Task ChangeAsync(string name, ChangingSetting setting, string value)
    {
        injections.Count("reload", name);
        setting.Change(value, clock.GetUtcNow());
        Write();
        await Task.Delay(s_effect, clock);
        setting.Settle(clock.GetUtcNow());
    }

    /// <summary>Writes settings that cannot be read. The previous ones stay in use.</summary>
    private async Task BreakAsync(CancellationToken stop)
    {
        await surroundings.Starting.WaitAsync(stop);
        injections.Count("reload", "invalid");
        surroundings.InvalidSettings.Begin(clock.GetUtcNow());
        settings.IsInvalid = true;
        Write();
        try
        {
            await Task.Delay(s_effect, clock, stop);
        }
        finally
        {
            settings.IsInvalid = false;
            Write();
            surroundings.InvalidSettings.End(clock.GetUtcNow() + s_effect);
            surroundings.Starting.Release();
        }
    }
}
