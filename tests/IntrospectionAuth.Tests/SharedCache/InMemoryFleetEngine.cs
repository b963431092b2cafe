using System.Collections.Concurrent;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>An engine in memory that the nodes of a test share. Each node has its own <see cref="NodeEngine"/>, which can fail.</summary>
internal sealed class InMemoryFleetEngine(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset ExpiresAt)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<InMemorySubscription, Action> _subscribers = new();
    private long _firstNumber = 1_000_000;

    /// <summary>Every value that was stored: entries (e), leases (l) and proofs (p).</summary>
    public Journal<(string Key, byte[] Value, TimeSpan Lifetime)> Writes { get; } = new();

    public Journal<string> Removals { get; } = new();

    public Journal<byte[]> Messages { get; } = new();

    /// <summary>How far the engine's clock is ahead.</summary>
    public TimeSpan ClockOffset { get; set; }

    public DateTimeOffset Now => _time.GetUtcNow() + ClockOffset;

    public string[] FeedNames
    {
        get
        {
            lock (_lock)
                return [.. _feeds.Keys];
        }
    }

    /// <summary>The values that exist now, by key.</summary>
    public Dictionary<string, byte[]> Values(char purpose)
    {
        lock (_lock)
        {
            return _values
                .Where(it => it.Key.StartsWith($"ia:{purpose}:", StringComparison.Ordinal) && it.Value.ExpiresAt > _time.GetUtcNow())
                .ToDictionary(it => it.Key, it => it.Value.Value, StringComparer.Ordinal);
        }
    }

    public Task WaitForEntriesAsync(int count) => Writes.WaitForAsync(it => it.Key.StartsWith("ia:e:", StringComparison.Ordinal), count);

    public Task WaitForReturnedLeasesAsync(int count) =>
        Removals.WaitForAsync(it => it.StartsWith("ia:l:", StringComparison.Ordinal), count);

    public byte[]? Get(string key)
    {
        lock (_lock)
            return _values.TryGetValue(key, out var found) && found.ExpiresAt > _time.GetUtcNow() ? found.Value : null;
    }

    public void Set(string key, byte[] value, TimeSpan lifetime)
    {
        lock (_lock)
            _values[key] = (value, _time.GetUtcNow() + lifetime);
        Writes.Add((key, value, lifetime));
    }

    public bool TryAdd(string key, byte[] value, TimeSpan lifetime)
    {
        lock (_lock)
        {
            if (Get(key) is not null)
                return false;
            Set(key, value, lifetime);
            return true;
        }
    }

    public void Remove(string key)
    {
        lock (_lock)
            _values.Remove(key);
        Removals.Add(key);
    }

    public long Append(string feed, byte[] message, int capacity = int.MaxValue)
    {
        long number;
        lock (_lock)
        {
            Feed it = FindFeed(feed);
            it.Messages.Add(message);
            number = ++it.Position;
            if (it.Messages.Count > capacity)
                it.Messages.RemoveRange(0, it.Messages.Count - capacity);
        }

        Messages.Add(message);
        Notify();
        return number;
    }

    public FeedReading Read(string feed, FeedReading? previous)
    {
        lock (_lock)
        {
            Feed it = FindFeed(feed);
            long first = it.Position - it.Messages.Count + 1;
            bool follows = previous is not null && previous.Position <= it.Position && Has(it, first, previous);
            return new FeedReading
            {
                Position = it.Position,
                Messages = follows ? it.Messages[(int)(previous!.Position - first + 1)..] : [.. it.Messages],
                LatestMessage = it.Messages is [.., var latest] ? latest : null,
                HasGap = previous is not null && !follows,
                IsOther = previous is not null && !follows && Contradicts(it, first, previous),
                EngineTime = Now,
            };
        }
    }

    public bool Restart(string feed, long position, long highest)
    {
        lock (_lock)
        {
            Feed it = FindFeed(feed);
            if (it.Position != position)
                return false;

            it.Position = highest + it.Messages.Count + 1;
            return true;
        }
    }

    public long Position(string feed)
    {
        lock (_lock)
            return FindFeed(feed).Position;
    }

    /// <summary>The feeds of the subscriptions that there are.</summary>
    public IEnumerable<string> SubscribedFeeds => _subscribers.Keys.Select(static it => it.Feed);

    public IAsyncDisposable Subscribe(string feed, Action onAppended)
    {
        var subscription = new InMemorySubscription(feed, ended => _subscribers.TryRemove(ended, out _));
        _subscribers[subscription] = onAppended;
        return subscription;
    }

    public void Notify()
    {
        foreach (Action onAppended in _subscribers.Values)
            onAppended();
    }

    /// <summary>Loses everything, as an engine without persistence that restarts.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _values.Clear();
            LoseFeeds();
        }
    }

    /// <summary>Loses the feeds alone, as an engine that evicts keys.</summary>
    /// <param name="isLower">Whether the feeds are created again with lower numbers, against the rules.</param>
    public void LoseFeeds(bool isLower = false)
    {
        lock (_lock)
        {
            _feeds.Clear();
            _firstNumber += isLower ? -500_000 : 1_000_000;
        }
    }

    /// <summary>Sets the numbers of the feeds, as someone does who can write to the engine.</summary>
    public void SetPosition(long position)
    {
        lock (_lock)
        {
            foreach (Feed feed in _feeds.Values)
                feed.Position = position;
        }
    }

    /// <summary>Loses the latest messages and uses their numbers again, as a replica that takes over.</summary>
    public void LoseLatestMessages(int count)
    {
        lock (_lock)
        {
            foreach (Feed feed in _feeds.Values)
            {
                int lost = Math.Min(count, feed.Messages.Count);
                feed.Messages.RemoveRange(feed.Messages.Count - lost, lost);
                feed.Position -= lost;
            }
        }
    }

    /// <summary>Drops the oldest messages.</summary>
    public void Trim(int remaining)
    {
        lock (_lock)
        {
            foreach (Feed feed in _feeds.Values)
                feed.Messages.RemoveRange(0, Math.Max(0, feed.Messages.Count - remaining));
        }
    }

    private static bool Has(Feed feed, long first, FeedReading previous) =>
        previous.LatestMessage is null
            ? first == previous.Position + 1
            : first <= previous.Position && feed.Messages[(int)(previous.Position - first)].AsSpan().SequenceEqual(previous.LatestMessage);

    private static bool Contradicts(Feed feed, long first, FeedReading previous) =>
        feed.Position < previous.Position
        || (previous.LatestMessage is not null && first <= previous.Position && !Has(feed, first, previous));

    private Feed FindFeed(string name)
    {
        if (!_feeds.TryGetValue(name, out Feed? feed))
            _feeds.Add(name, feed = new Feed { Position = _firstNumber });
        return feed;
    }

    private sealed class Feed
    {
        public List<byte[]> Messages { get; } = [];

        public long Position { get; set; }
    }
}
