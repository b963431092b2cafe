namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>How much time a run may take.</summary>
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

    /// <summary>What the report calls it.</summary>
    public required string Name { get; init; }

    /// <summary>How often every benchmark runs.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many iterations it has each time.</summary>
    public required int Iterations { get; init; }

    /// <summary>How many requests an iteration has.</summary>
    public int Invocations { get; } = 8192;

    /// <summary>How often each server is loaded.</summary>
    public required int HttpRounds { get; init; }

    /// <summary>How long each time.</summary>
    public required int HttpSeconds { get; init; }

    /// <summary>How many worthless tokens a flood has.</summary>
    public required int FloodTokens { get; init; }
}
