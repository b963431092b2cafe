using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A complete request without a network: routing, authentication, authorization, endpoint.</summary>
public class Pipeline : RequestBenchmark
{
    /// <inheritdoc/>
    [Params(
        Contenders.Contender.None,
        Contenders.Contender.Floor,
        Contenders.Contender.Reference,
        Contenders.Contender.Ours,
        Contenders.Contender.Diagnosed,
        Contenders.Contender.Tenants
    )]
    public override string Contender { get; set; } = "";

    /// <summary>One request.</summary>
    /// <returns>The status code.</returns>
    [Benchmark]
    public Task<int> SendAsync() => Host.SendAsync(Workload.NextHeader());
}
