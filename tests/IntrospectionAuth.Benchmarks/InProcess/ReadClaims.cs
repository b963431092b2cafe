using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Authentication followed by reading every claim: the cost of a lazy principal when it is used.</summary>
public class ReadClaims
{
    private BenchmarkHost _host = null!;
    private Workload _workload = null!;

    /// <summary>Gets or sets the contender that authenticates.</summary>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours)]
    public string Contender { get; set; } = "";

    /// <summary>Starts the contender, unless it is running.</summary>
    [GlobalSetup]
    public void Setup()
    {
        PreparedHost prepared = PreparedHost.Get(Contender);
        (_host, _workload) = (prepared.Host, prepared.Workload);
    }

    /// <summary>One request.</summary>
    /// <returns>The total length of all claims.</returns>
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
