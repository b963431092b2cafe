using System.Collections.Concurrent;
using System.Globalization;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Counts the responses, and records the first wrong ones.</summary>
internal sealed class SoakTally
{
    private const int Remembered = 50;

    private readonly int[] _statuses = new int[600];
    private int _wrong;
    private long _longestAfterRevocation;

    public ConcurrentQueue<string> Wrong { get; } = [];

    public int WrongCount => _wrong;

    public int Total => _statuses.Sum();

    /// <summary>The longest time after its revocation at which a token was still accepted.</summary>
    public TimeSpan LongestAfterRevocation => TimeSpan.FromTicks(Volatile.Read(ref _longestAfterRevocation));

    public IEnumerable<(int Status, int Count)> Statuses => _statuses.Index().Where(status => status.Item > 0);

    public void Count(Exchange exchange, string? wrong)
    {
        Interlocked.Increment(ref _statuses[exchange.Status]);
        if (exchange.Status == 200 && exchange.Token is { } token && token.RevokedAt < exchange.SentAt)
            RecordAcceptance(exchange.SentAt - token.RevokedAt);
        if (wrong is null || Interlocked.Increment(ref _wrong) > Remembered)
            return;

        string text = Describe(exchange, wrong);
        Wrong.Enqueue(text);
        Console.WriteLine("WRONG: " + text);
    }

    private void RecordAcceptance(TimeSpan afterRevocation)
    {
        long longest = Volatile.Read(ref _longestAfterRevocation);
        while (
            afterRevocation.Ticks > longest
            && Interlocked.CompareExchange(ref _longestAfterRevocation, afterRevocation.Ticks, longest) is var seen
            && seen != longest
        )
        {
            longest = seen;
        }
    }

    private static string Describe(Exchange exchange, string wrong)
    {
        SoakToken? token = exchange.Token;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{wrong}; {token?.Subject}; sent {exchange.SentAt:HH:mm:ss.fff}, received {exchange.ReceivedAt:HH:mm:ss.fff}, "
                + $"expires {token?.ExpiresAt:HH:mm:ss.fff}, revoked {token?.RevokedAt:HH:mm:ss.fff}"
        );
    }
}
