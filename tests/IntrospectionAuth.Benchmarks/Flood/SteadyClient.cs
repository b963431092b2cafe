using System.Net.Http.Headers;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;

namespace IntrospectionAuth.Benchmarks.Flood;

/// <summary>A client of the API with valid, cached tokens: one request every few milliseconds.</summary>
internal sealed class SteadyClient(HttpClient client, string[] tokens)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Sends requests until cancelled, and records their times.</summary>
    public async Task MeasureAsync(FigureSet figures, string key, CancellationToken stop)
    {
        var times = new List<double>();
        int refused = 0;
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            refused += await IsAcceptedAsync(tokens[i % tokens.Length]) ? 0 : 1;
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
        }

        figures.Add(key + "/good-requests", "", times.Count);
        figures.Add(key + "/good-refused", "", refused);
        figures.Add(key + "/good-median", "ms", Statistics.Quantile(times, 0.5));
        figures.Add(key + "/good-p99", "ms", Statistics.Quantile(times, 0.99));
    }

    public async Task<bool> IsAcceptedAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiCommand.Read)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.IsSuccessStatusCode;
    }
}
