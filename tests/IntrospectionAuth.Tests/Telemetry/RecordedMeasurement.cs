namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>One measurement, as a listener gets it.</summary>
internal sealed record RecordedMeasurement(string Instrument, double Value, string Tags);
