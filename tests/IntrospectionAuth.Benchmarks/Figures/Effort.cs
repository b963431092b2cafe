namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>The size of a run: full or quick.</summary>
internal sealed class Effort
{
    public static Effort Full { get; } =
        new()
        {
            Name = "full",
            Rounds = 7,
            Iterations = 8,
            HttpRounds = 15,
            HttpSeconds = 3,
            FloodTokens = 100_000,
        };

    public static Effort Quick { get; } =
        new()
        {
            Name = "quick",
            Rounds = 3,
            Iterations = 5,
            HttpRounds = 5,
            HttpSeconds = 1,
            FloodTokens = 20_000,
        };

    /// <summary>The name in the report.</summary>
    public required string Name { get; init; }

    /// <summary>The number of rounds of every benchmark.</summary>
    public required int Rounds { get; init; }

    /// <summary>The number of iterations per round.</summary>
    public required int Iterations { get; init; }

    /// <summary>The number of requests per iteration.</summary>
    public int Invocations { get; } = 8192;

    /// <summary>The number of rounds over HTTP.</summary>
    public required int HttpRounds { get; init; }

    /// <summary>The length of a round over HTTP.</summary>
    public required int HttpSeconds { get; init; }

    /// <summary>The number of invalid tokens in a flood.</summary>
    public required int FloodTokens { get; init; }
}
