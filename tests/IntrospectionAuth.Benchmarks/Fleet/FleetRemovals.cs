using System.Diagnostics;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Measures the time from the response to a removal to the last request that any node accepts, under load.</summary>
internal sealed class FleetRemovals(FakeAuthorizationServer server, FleetNode[] nodes, FigureSet figures)
{
    private const int Count = 1_000,
        Workers = 12;

    private readonly string _administrator = server.IssueToken("admin");

    public async Task MeasureAsync()
    {
        string[] tokens = [.. Enumerable.Range(0, 1_000).Select(_ => server.IssueToken("read"))];
        using var stop = new CancellationTokenSource();
        Task load = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => LoadAsync(tokens, stop.Token))));
        var lasts = new List<double>();
        for (int i = 0; i < Count; i++)
            lasts.Add(await RemoveAsync(nodes[i % nodes.Length]));
        await stop.CancelAsync();
        await load;

        figures.Add("fleet/removal/median", "ms", Statistics.Quantile(lasts, 0.5));
        figures.Add("fleet/removal/p99", "ms", Statistics.Quantile(lasts, 0.99));
        figures.Add("fleet/removal/worst", "ms", lasts.Max());
        figures.Take(new Figure("fleet/removal/all", "ms", lasts));
    }

    private async Task LoadAsync(string[] tokens, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await nodes[Random.Shared.Next(nodes.Length)].ReadAsync(tokens[Random.Shared.Next(tokens.Length)]);
    }

    /// <returns>Milliseconds; 0 if no request was accepted after the removal.</returns>
    private async Task<double> RemoveAsync(FleetNode removing)
    {
        string token = server.IssueToken("read");
        foreach (FleetNode node in nodes)
            await node.ReadAsync(token);
        server.Revoke(token);
        if (await removing.ForgetAsync(_administrator, "token", token) != 200)
            throw new InvalidOperationException("A removal was not accepted.");

        long removedAt = Stopwatch.GetTimestamp();
        return (await Task.WhenAll(nodes.Select(node => WaitAsync(node, token, removedAt)))).Max();
    }

    private static async Task<double> WaitAsync(FleetNode node, string token, long removedAt)
    {
        for (double last = 0; ; )
        {
            double sentAt = Stopwatch.GetElapsedTime(removedAt).TotalMilliseconds;
            if ((await node.ReadAsync(token)).Status != 200)
                return last;
            last = sentAt;
        }
    }
}
