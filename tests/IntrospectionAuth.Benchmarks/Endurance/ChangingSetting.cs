namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>A setting that is changed while the nodes run. While a change takes effect, both values are possible.</summary>
internal sealed class ChangingSetting(string first)
{
    private readonly Lock _lock = new();
    private Period[] _periods = [new(first, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)];

    public string Latest => Volatile.Read(ref _periods)[^1].Value;

    /// <summary>From now on the value is possible.</summary>
    public void Change(string value, DateTimeOffset now)
    {
        lock (_lock)
            _periods = [.. _periods, new(value, now, DateTimeOffset.MaxValue)];
    }

    /// <summary>From now on the previous value is no longer possible.</summary>
    public void Settle(DateTimeOffset now)
    {
        lock (_lock)
            _periods = [.. _periods[..^1].Select(period => period with { To = period.To < now ? period.To : now }), _periods[^1]];
    }

    public bool MayBe(string value, Attempt attempt) => Possible(attempt).Contains(value, StringComparer.Ordinal);

    public bool MayDiffer(string value, Attempt attempt) => Possible(attempt).Any(possible => possible != value);

    private IEnumerable<string> Possible(Attempt attempt) =>
        Volatile
            .Read(ref _periods)
            .Where(period => period.From <= attempt.ReceivedAt && attempt.SentAt <= period.To)
            .Select(static period => period.Value);

    private sealed record Period(string Value, DateTimeOffset From, DateTimeOffset To);
}
