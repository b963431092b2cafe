using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>What <c>HttpContext.AuthenticateAsync()</c> costs for a token that was seen before.</summary>
public abstract class AuthenticateBenchmark
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets who authenticates.</summary>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours, Priority = 1)]
    public string Contender { get; set; } = "";

    private protected abstract PreparedHost Prepare();

    /// <summary>Starts the contender, or finds it started.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = Prepare();
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request. A server reads each request's header into a string of its own, and so it is here, for every contender.</summary>
    /// <returns>The result.</returns>
    [Benchmark]
    public Task<AuthenticateResult> AuthenticateAsync() => _host.AuthenticateAsync(new string(_workload.NextHeader().AsSpan()));
}
