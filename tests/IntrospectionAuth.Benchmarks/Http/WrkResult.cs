namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>The counts reported by wrk.</summary>
internal sealed record WrkResult(double RequestsPerSecond, long Requests);
