using System.Diagnostics.Tracing;
using System.Globalization;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.InProcess;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>Which types are allocated, by the runtime's own events: one for about every 100 KB.</summary>
internal sealed class AllocatedTypes : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords GarbageCollection = (EventKeywords)0x1;

    private const int Hits = 2_000_000;

    private readonly Dictionary<string, long> _bytes = new(StringComparer.Ordinal);
    private bool _isCounting;

    public static async Task MeasureAsync(FigureSet figures)
    {
        foreach (string contender in (string[])[Contender.Floor, Contender.Ours])
        {
            PreparedHost host = PreparedHost.Get(contender);
            await MeasureAsync(figures, contender, () => host.Host.AuthenticateAsync(host.Workload.NextHeader()), Hits);
        }
    }

    public static async Task MeasureAsync(FigureSet figures, string name, Func<Task> request, int requests)
    {
        using var types = new AllocatedTypes();
        foreach ((string type, double bytes) in await types.CountAsync(request, requests))
            figures.Add(Key(name, type), "bytes", bytes);
    }

    public static string Key(string contender, string type) => $"allocated/{contender}/{type}";

    /// <summary>Runs requests one after another, and counts what they allocate.</summary>
    /// <returns>The bytes of a request by type.</returns>
    private async Task<IReadOnlyDictionary<string, double>> CountAsync(Func<Task> request, int requests)
    {
        lock (_bytes)
        {
            _bytes.Clear();
            _isCounting = true;
        }

        for (int i = 0; i < requests; i++)
            await request();

        lock (_bytes)
        {
            _isCounting = false;
            return _bytes.ToDictionary(pair => pair.Key, pair => (double)pair.Value / requests, StringComparer.Ordinal);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true)
            return;

        string type = (string)Read(eventData, "TypeName");
        long amount = Convert.ToInt64(Read(eventData, "AllocationAmount64"), CultureInfo.InvariantCulture);
        lock (_bytes)
        {
            if (_isCounting)
                _bytes[type] = _bytes.GetValueOrDefault(type) + amount;
        }
    }

    private static object Read(EventWrittenEventArgs data, string name) => data.Payload![data.PayloadNames!.IndexOf(name)]!;
}
