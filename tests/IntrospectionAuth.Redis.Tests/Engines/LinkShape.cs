namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>How a network forwards.</summary>
internal sealed record LinkShape
{
    public static readonly LinkShape None = new();

    /// <summary>The delay of everything that is forwarded.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The longest further delay, a random part of which is added each time.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How much is forwarded in a second, in either direction and for each connection; 0: as much as there is.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>The number of bytes of a connection's responses after which it is reset.</summary>
    public int ResetAfter { get; init; } = int.MaxValue;

    /// <summary>How much is forwarded at once.</summary>
    public int Piece => BytesPerSecond == 0 ? int.MaxValue : Math.Max(1, BytesPerSecond / 20);

    public TimeSpan PauseBefore(int piece) =>
        Delay
        + (Jitter * Random.Shared.NextDouble())
        + (BytesPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) * piece / BytesPerSecond);
}
