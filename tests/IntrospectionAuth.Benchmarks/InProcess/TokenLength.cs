using BenchmarkDotNet.Attributes;

namespace IntrospectionAuth.Benchmarks.InProcess;

/// <summary>One token, short or long.</summary>
public class TokenLength : AuthenticateBenchmark
{
    /// <summary>Gets or sets the length of the token in characters.</summary>
    [Params(40, 200, 800, 4000)]
    public int Length { get; set; }

    private protected override PreparedHost Prepare() => PreparedHost.Get(Contender, length: Length);
}
