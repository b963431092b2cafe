using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A whole request without network: routing, authentication, authorization, endpoint.</summary>
public class Pipeline
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets who authenticates.</summary>
    [Params(Contenders.Contender.None, Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours)]
    public string Contender { get; set; } = "";

    /// <summary>Starts the contender, or finds it started.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request.</summary>
    /// <returns>The status.</returns>
    [Benchmark]
    public Task<int> SendAsync() => _host.SendAsync(_workload.NextHeader());
}
