namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>What a caller received: the status, all headers and the body.</summary>
internal sealed record ReceivedResponse(int Status, string Headers, string Body);
