using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>
/// Sends requests at a constant rate, whether or not the server keeps up. The time of a response counts from when its request was due, so
/// a pause of the server counts for every request that it delays.
/// </summary>
internal static class OpenLoop
{
    private const int Connections = Wrk.Connections;
    private const uint Pause = 50; // µs

    /// <summary>Measures the requests per second when each connection sends the next request at once.</summary>
    public static async Task<double> FindMaximumAsync(Uri address, string header, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(SendAsync)));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task<int> SendAsync()
        {
            using LoadConnection connection = await LoadConnection.OpenAsync(address, header);
            int count = 0;
            for (; Stopwatch.GetElapsedTime(start) < duration; count++)
                await connection.ExchangeAsync();
            return count;
        }
    }

    /// <returns>The time of each response in nanoseconds.</returns>
    public static async Task<List<double>> RunAsync(Uri address, string header, double rate, TimeSpan duration)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var connections = new List<LoadConnection>();
        for (int i = 0; i < Connections; i++)
            connections.Add(await LoadConnection.OpenAsync(address, header));

        Task<List<double>>[] sending = [.. connections.Select(connection => Task.Run(() => SendAsync(connection, due.Reader)))];
        await Task.Factory.StartNew(
            () => Dispatch(due.Writer, rate, duration),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        List<double>[] times = await Task.WhenAll(sending);
        connections.ForEach(static connection => connection.Dispose());
        return [.. times.SelectMany(static each => each)];
    }

    private static void Dispatch(ChannelWriter<long> due, double rate, TimeSpan duration)
    {
        double interval = Stopwatch.Frequency / rate;
        long start = Stopwatch.GetTimestamp(),
            end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        long next = start;
        for (long sent = 0; next < end; )
        {
            while (next <= Stopwatch.GetTimestamp() && next < end)
            {
                due.TryWrite(next);
                next = start + (long)(++sent * interval);
            }

            _ = Sleep(Pause); // the timers of .NET are not finer than a millisecond
        }

        due.Complete();
    }

    private static async Task<List<double>> SendAsync(LoadConnection connection, ChannelReader<long> due)
    {
        var times = new List<double>();
        await foreach (long at in due.ReadAllAsync())
        {
            await connection.ExchangeAsync();
            times.Add(Stopwatch.GetElapsedTime(at).TotalNanoseconds);
        }

        return times;
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(uint microseconds);
}
