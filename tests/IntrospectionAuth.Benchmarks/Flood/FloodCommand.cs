using System.Globalization;
using System.Net.Http.Headers;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.OneShot;

namespace IntrospectionAuth.Benchmarks.Flood;

/// <summary>
/// Floods an API with invalid tokens while another client sends valid ones: measures the load on the authorization server, the retained
/// memory, and the response time of the valid tokens.
/// </summary>
internal sealed class FloodCommand(FigureSet figures, int tokens, int connections, TimeSpan delay)
{
    private const int OpenRequests = 60_000;

    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(4);

    private string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"flood/{connections}");

    public static async Task<int> RunAsync(Effort effort, string folder)
    {
        var figures = new FigureSet();
        Machine.Describe(figures, effort.Name);
        await new FloodCommand(figures, effort.FloodTokens, connections: 32, TimeSpan.FromMilliseconds(5)).FloodAsync();
        await new FloodCommand(figures, effort.FloodTokens / 5, connections: 256, TimeSpan.FromMilliseconds(50)).FloodAsync();
        FigureFiles.Save(figures, folder, "flood");
        return figures.All.Where(figure => figure.Key.EndsWith("/good-refused", StringComparison.Ordinal)).Sum(figure => figure.Highest) > 0
            ? 1
            : 0;
    }

    private async Task FloodAsync()
    {
        Console.WriteLine($"Flood: {tokens} tokens over {connections} connections");
        await using MeteredServer server = await MeteredServer.StartAsync(delay);
        await using ApiProcess api = await ApiProcess.StartAsync(server.Settings);
        using HttpClient goodConnection = api.CreateClient(connections: 1),
            floodConnections = api.CreateClient(connections);

        string[] goodTokens = [.. Enumerable.Range(0, 100).Select(_ => server.IssueToken())];
        var good = new SteadyClient(goodConnection, goodTokens);
        foreach (string token in goodTokens)
            await good.IsAcceptedAsync(token);
        await WhileAsync(good, "warm-up", () => SendAsync(floodConnections, ApiCommand.Open, OpenRequests / 3));

        await WhileAsync(good, "before", () => Task.Delay(s_phase, TimeProvider.System));
        await WhileAsync(good, "load-without-tokens", () => SendAsync(floodConnections, ApiCommand.Open, OpenRequests));
        (long before, _) = await api.DiagnoseAsync();
        int callsBefore = server.Calls;

        await WhileAsync(good, "during", () => SendAsync(floodConnections, ApiCommand.Read, tokens));

        (long after, int unobserved) = await api.DiagnoseAsync();
        figures.Add($"{Key}/tokens", "", tokens);
        figures.Add($"{Key}/calls", "", server.Calls - callsBefore);
        figures.Add($"{Key}/most-calls-at-once", "", server.MostAtOnce);
        figures.Add($"{Key}/heap-before", "bytes", before);
        figures.Add($"{Key}/heap-after", "bytes", after);
        figures.Add($"{Key}/unobserved-exceptions", "", unobserved);
    }

    private async Task WhileAsync(SteadyClient good, string phase, Func<Task> work)
    {
        using var stop = new CancellationTokenSource();
        Task measuring = good.MeasureAsync(figures, $"{Key}/{phase}", stop.Token);
        await work();
        await stop.CancelAsync();
        await measuring;
    }

    private async Task SendAsync(HttpClient client, string path, int count)
    {
        var statuses = new int[600];
        long start = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = connections },
            async (_, cancellationToken) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (path != ApiCommand.Open)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", InvalidTokens.Create());
                using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
                Interlocked.Increment(ref statuses[(int)response.StatusCode]);
            }
        );

        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        figures.Add($"{Key}{path}/requests", "per second", count / seconds);
        foreach ((int status, int responses) in statuses.Index().Where(status => status.Item > 0))
            figures.Add($"{Key}{path}/{status}", "", responses);
    }
}
