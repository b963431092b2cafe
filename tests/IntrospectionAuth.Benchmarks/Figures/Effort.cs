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
            HttpRounds = 36,
            HttpWarmUpSeconds = 3,
            ResponseTimeSeconds = 3,
            ManyTokens = 1_000_000,
            FloodTokens = 100_000,
        };

    public static Effort Quick { get; } =
        new()
        {
            Name = "quick",
            Rounds = 3,
            Iterations = 5,
            HttpRounds = 7,
            HttpWarmUpSeconds = 2,
            ResponseTimeSeconds = 1,
            ManyTokens = 200_000,
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

    /// <summary>The number of rounds over HTTP, of one second each.</summary>
    public required int HttpRounds { get; init; }

    /// <summary>How long each server is loaded before it is measured.</summary>
    public required int HttpWarmUpSeconds { get; init; }

    /// <summary>The length of a round that measures response times.</summary>
    public required int ResponseTimeSeconds { get; init; }

    /// <summary>The number of cached tokens of the largest cache.</summary>
    public required int ManyTokens { get; init; }

    /// <summary>The number of invalid tokens in a flood.</summary>
    public required int FloodTokens { get; init; }
}
