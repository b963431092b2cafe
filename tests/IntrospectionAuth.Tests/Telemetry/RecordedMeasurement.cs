namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>One measurement.</summary>
internal sealed record RecordedMeasurement(string Instrument, double Value, string Tags);
