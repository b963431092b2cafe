using System.Globalization;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>The clock of Redis. It gives feeds their first numbers, because the clocks of nodes differ.</summary>
/// <param name="time">The clock of this node, which decides where not every engine or user may read the other one.</param>
internal sealed class EngineClock(TimeProvider time)
{
    private volatile Reading? _latest;

    /// <summary>The time of Redis, since it was read last, as the number of a message: the Unix time in microseconds.</summary>
    public long Number => (Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private DateTimeOffset Now => _latest is { } latest ? latest.Time + time.GetElapsedTime(latest.Timestamp) : time.GetUtcNow();

    /// <returns>The time; null when it cannot be read.</returns>
    public async Task<DateTimeOffset?> ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            RedisResult reply = await database.ExecuteAsync("TIME", [], CommandFlags.DemandMaster).Observed().WaitAsync(cancellationToken);
            if ((string[]?)reply is not [var seconds, var microseconds])
                return null;

            DateTimeOffset now = DateTimeOffset.UnixEpoch.AddSeconds(Parse(seconds)).AddMicroseconds(Parse(microseconds));
            _latest = new(now, time.GetTimestamp());
            return now;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }

    private static long Parse(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Reading(DateTimeOffset Time, long Timestamp);
}
