using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Authentication followed by reading every claim: the cost of a lazy principal when it is used.</summary>
public class ReadClaims : RequestBenchmark
{
    /// <inheritdoc/>
    [Params(Contenders.Contender.Floor, Contenders.Contender.Reference, Contenders.Contender.Ours)]
    public override string Contender { get; set; } = "";

    /// <summary>One request.</summary>
    /// <returns>The total length of all claims.</returns>
    [Benchmark]
    public async Task<int> AuthenticateAndReadAsync()
    {
        AuthenticateResult result = await Host.AuthenticateAsync(Workload.NextHeader());
        int length = 0;
        foreach (Claim claim in result.Principal!.Claims)
            length += claim.Type.Length + claim.Value.Length;
        return length;
    }
}
