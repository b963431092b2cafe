using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>Tokens of 40 characters, a random one in each request.</summary>
public class CachedTokens : AuthenticateBenchmark
{
    /// <summary>Gets or sets the number of tokens.</summary>
    [Params(1, 1_000, 100_000)]
    public int Count { get; set; }

    private protected override PreparedHost Prepare() => PreparedHost.Get(Contender, tokens: Count);
}
