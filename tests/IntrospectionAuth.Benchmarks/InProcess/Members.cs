using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>One token, with a small or large response.</summary>
public class Members : AuthenticateBenchmark
{
    /// <summary>Gets or sets the number of members of the response.</summary>
    [Params(5, 15, 50)]
    public int Count { get; set; }

    private protected override PreparedHost Prepare() => PreparedHost.Get(Contender, members: Count);
}
