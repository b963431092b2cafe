using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>The cost of <c>HttpContext.AuthenticateAsync()</c> for a cached token.</summary>
public abstract class AuthenticateBenchmark
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets the contender that authenticates.</summary>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours, Priority = 1)]
    public string Contender { get; set; } = "";

    private protected abstract PreparedHost Prepare();

    /// <summary>Starts the contender, unless it is running.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = Prepare();
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request. The header is a new string, as in a server, for every contender.</summary>
    /// <returns>The result.</returns>
    [Benchmark]
    public Task<AuthenticateResult> AuthenticateAsync() => _host.AuthenticateAsync(new string(_workload.NextHeader().AsSpan()));
}
