using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>One token, with an answer that says little or much.</summary>
public class Members : AuthenticateBenchmark
{
    /// <summary>Gets or sets how many members the answer has.</summary>
    [Params(5, 15, 50)]
    public int Count { get; set; }

    private protected override PreparedHost Prepare() => PreparedHost.Get(Contender, members: Count);
}
