using System.Collections.Concurrent;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>Counts the responses, and records the first wrong ones.</summary>
internal sealed class FleetTally
{
    private const int Remembered = 50;

    private readonly int[] _statuses = new int[600];
    private readonly ConcurrentDictionary<int, double> _acceptedWithFeed = [];
    private int _wrong;
    private long _longestResponse; // ticks
    private long _longestWithoutFeed; // ticks

    public ConcurrentQueue<string> Wrong { get; } = [];

    public int WrongCount => _wrong;

    public int Total => _statuses.Sum();

    public IEnumerable<(int Status, int Count)> Statuses => _statuses.Index().Where(status => status.Item > 0);

    /// <summary>The longest acceptance after a removal while the feed worked, in milliseconds.</summary>
    public double LongestWithFeed => _acceptedWithFeed.Values.DefaultIfEmpty().Max();

    /// <summary>The longest acceptance after a removal during a fault, in milliseconds.</summary>
    public double LongestWithoutFeed => TimeSpan.FromTicks(Volatile.Read(ref _longestWithoutFeed)).TotalMilliseconds;

    /// <summary>The longest time of a request, in milliseconds.</summary>
    public double LongestResponse => TimeSpan.FromTicks(Volatile.Read(ref _longestResponse)).TotalMilliseconds;

    public void Count(int status, TimeSpan took)
    {
        Interlocked.Increment(ref _statuses[status]);
        Raise(ref _longestResponse, took.Ticks);
    }

    public void Accepted(int token, TimeSpan afterRemoval, bool hasFeed)
    {
        if (hasFeed)
        {
            _acceptedWithFeed.AddOrUpdate(
                token,
                afterRemoval.TotalMilliseconds,
                (_, longest) => Math.Max(longest, afterRemoval.TotalMilliseconds)
            );
        }
        else
        {
            Raise(ref _longestWithoutFeed, afterRemoval.Ticks);
        }
    }

    public void Report(string wrong)
    {
        if (Interlocked.Increment(ref _wrong) > Remembered)
            return;

        Wrong.Enqueue(wrong);
        Console.WriteLine("WRONG: " + wrong);
    }

    /// <param name="figures">The figures of the run.</param>
    /// <param name="run">The beginning of their names.</param>
    public void AddTo(FigureSet figures, string run)
    {
        figures.Add($"{run}/responses", "", Total);
        foreach ((int status, int count) in Statuses)
            figures.Add($"{run}/responses/{status}", "", count);
        figures.Add($"{run}/wrong-responses", "", WrongCount);
        figures.Add($"{run}/longest-with-feed", "ms", LongestWithFeed);
        figures.Add($"{run}/longest-without-feed", "ms", LongestWithoutFeed);
        figures.Add($"{run}/longest-response", "ms", LongestResponse);
    }

    private static void Raise(ref long longest, long value)
    {
        for (long seen = Volatile.Read(ref longest); value > seen; seen = Volatile.Read(ref longest))
            Interlocked.CompareExchange(ref longest, value, seen);
    }
}
