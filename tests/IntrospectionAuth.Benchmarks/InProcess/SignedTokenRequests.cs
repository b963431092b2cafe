using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>A complete request without a network: this library beside handlers of signed tokens, which verify each token again.</summary>
public class SignedTokenRequests : RequestBenchmark
{
    /// <inheritdoc/>
    [Params(
        Contenders.Contender.Floor,
        Contenders.Contender.Reference,
        Contenders.Contender.Ours,
        Contenders.Contender.JwtRsa,
        Contenders.Contender.JwtEcdsa,
        Contenders.Contender.OpenIddict
    )]
    public override string Contender { get; set; } = "";

    /// <summary>One request.</summary>
    /// <returns>The status code.</returns>
    [Benchmark]
    public Task<int> SendAsync() => Host.SendAsync(Workload.NextHeader());
}
