using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A hit in the node's own memory, without and with a shared cache.</summary>
public class SharedCacheHits
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets the contender that authenticates.</summary>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Ours, Contenders.Contender.Shared)]
    public string Contender { get; set; } = "";

    /// <summary>Starts the contender, unless it is running.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request.</summary>
    /// <returns>The result.</returns>
    [Benchmark]
    public Task<AuthenticateResult> AuthenticateAsync() => _host.AuthenticateAsync(new string(_workload.NextHeader().AsSpan()));
}
