namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>What wrk counted.</summary>
internal sealed record WrkResult(double RequestsPerSecond, long Requests);
