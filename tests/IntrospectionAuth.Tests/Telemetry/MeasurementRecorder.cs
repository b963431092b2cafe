using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>Records the measurements of the library's meter in one host.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Journal<RecordedMeasurement> _measurements = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);

    public MeasurementRecorder(IServiceProvider host)
    {
        object scope = host.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != OAuthIntrospectionTelemetry.MeterName || instrument.Meter.Scope != scope)
                return;

            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public IEnumerable<Instrument> Instruments => _instruments.Values;

    /// <summary>All measurements so far. Observable instruments are measured by each <see cref="Observe"/>.</summary>
    public IReadOnlyCollection<RecordedMeasurement> Measurements => _measurements;

    /// <summary>The measurements of one instrument, in order: each value with its tags.</summary>
    public IEnumerable<string> Of(string instrument) => _measurements.Where(it => it.Instrument == instrument).Select(Describe);

    /// <summary>The sum of a counter's measurements.</summary>
    public double Sum(string instrument) => _measurements.Where(it => it.Instrument == instrument).Sum(it => it.Value);

    /// <summary>Waits until an instrument has been measured that many times.</summary>
    public Task WaitForAsync(string instrument, int count) => _measurements.WaitForAsync(it => it.Instrument == instrument, count);

    /// <summary>The current values of an observable instrument.</summary>
    public IEnumerable<string> Observe(string instrument)
    {
        int before = _measurements.Count;
        _listener.RecordObservableInstruments();
        return _measurements.Skip(before).Where(it => it.Instrument == instrument).Select(Describe);
    }

    public void Dispose() => _listener.Dispose();

    private static string Describe(RecordedMeasurement measurement) =>
        FormattableString.Invariant($"{measurement.Value} {measurement.Tags}");

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] texts = new string[tags.Length];
        for (int index = 0; index < tags.Length; index++)
            texts[index] = $"{tags[index].Key}={tags[index].Value}";
        _measurements.Add(new RecordedMeasurement(instrument.Name, value, string.Join(' ', texts)));
    }
}
