using System.Collections.Concurrent;
using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Counts the answers, and remembers the first wrong ones.</summary>
internal sealed class SoakTally
{
    private const int Remembered = 50;

    private readonly int[] _statuses = new int[600];
    private int _wrong;

    public ConcurrentQueue<string> Wrong { get; } = [];

    public int WrongCount => _wrong;

    public int Total => _statuses.Sum();

    public IEnumerable<(int Status, int Count)> Statuses => _statuses.Index().Where(status => status.Item > 0);

    public void Count(Exchange exchange, string? wrong)
    {
        Interlocked.Increment(ref _statuses[exchange.Status]);
        if (wrong is null || Interlocked.Increment(ref _wrong) > Remembered)
            return;

        string text = Describe(exchange, wrong);
        Wrong.Enqueue(text);
        Console.WriteLine("WRONG: " + text);
    }

    private static string Describe(Exchange exchange, string wrong)
    {
        SoakToken? token = exchange.Token;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{wrong}; {token?.Subject}; sent {exchange.SentAt:HH:mm:ss.fff}, received {exchange.ReceivedAt:HH:mm:ss.fff}, expires {token?.ExpiresAt:HH:mm:ss.fff}, revoked {token?.RevokedAt:HH:mm:ss.fff}");
    }
}
