using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Requests to a contender in this process, with the tokens of the usual workload.</summary>
public abstract class RequestBenchmark
{
    /// <summary>Gets or sets the contender that authenticates.</summary>
    public abstract string Contender { get; set; }

    private protected BenchmarkHost Host { get; private set; } = null!;

    private protected Workload Workload { get; private set; } = null!;

    /// <summary>Starts the contender, unless it is running.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (Host, Workload) = (prepared.Host, prepared.Workload);
    }
}
