using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Authentication, and then an application that looks at every claim: what a lazy principal saves must not be paid here twice.</summary>
public class ReadClaims
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets who authenticates.</summary>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours)]
    public string Contender { get; set; } = "";

    /// <summary>Starts the contender, or finds it started.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request.</summary>
    /// <returns>The length of all claims together.</returns>
    [Benchmark]
    public async Task<int> AuthenticateAndReadAsync()
    {
        AuthenticateResult result = await _host.AuthenticateAsync(_workload.NextHeader());
        int length = 0;
        foreach (Claim claim in result.Principal!.Claims)
            length += claim.Type.Length + claim.Value.Length;
        return length;
    }
}
