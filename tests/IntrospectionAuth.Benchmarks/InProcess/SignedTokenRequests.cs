using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A complete request without a network: this library beside handlers of signed tokens, which verify each token again.</summary>
public class SignedTokenRequests
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets the contender that authenticates.</summary>
    [Params(
        Contenders.Contender.Floor,
        Contenders.Contender.Reference,
        Contenders.Contender.Ours,
        Contenders.Contender.JwtRsa,
        Contenders.Contender.JwtEcdsa,
        Contenders.Contender.OpenIddict
    )]
    public string Contender { get; set; } = "";

    /// <summary>Starts the contender, unless it is running.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request.</summary>
    /// <returns>The status code.</returns>
    [Benchmark]
    public Task<int> SendAsync() => _host.SendAsync(_workload.NextHeader());
}
