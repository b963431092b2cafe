using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A hit in the node's own memory, without and with a shared cache.</summary>
public class SharedCacheHits : RequestBenchmark
{
    /// <inheritdoc/>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Ours, Contenders.Contender.Shared)]
    public override string Contender { get; set; } = "";

    /// <summary>One request.</summary>
    /// <returns>The result.</returns>
    [Benchmark]
    public Task<AuthenticateResult> AuthenticateAsync() => Host.AuthenticateAsync(new string(Workload.NextHeader().AsSpan()));
}
