using System.Diagnostics;
using System.Globalization;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>What callers see of a bad day, from the first failure to the first success. The API has a timeout of 1 s and a pause of 1.5 s.</summary>
internal sealed class BadDay(SampleApi api, Func<int> countCalls)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    private const string BackingOff = "so no calls are made for";

    private static readonly TimeSpan s_timeoutAndSlack = TimeSpan.FromSeconds(1 + 2);
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static int s_lastToken;

    private readonly int _timesBackedOff = Count(api.Log, BackingOff);

    /// <summary>The first caller who asks gets 503 and no challenge, within the timeout.</summary>
    public async Task<TimeSpan> FailAsync()
    {
        Answer answer = await AskAsync();
        AssertUnavailable(answer, s_timeoutAndSlack);
        return answer.Elapsed;
    }

    /// <summary>Sooner or later the server is left alone: then everybody is told at once, no call is made, and kept answers serve.</summary>
    /// <returns>The slowest of the fast answers.</returns>
    /// <param name="isListening">Whether the server notices calls. By default it does not: then only the log tells that none is made any
    /// more.</param>
    public async Task<TimeSpan> RequestBackOffAsync(bool isListening = false)
    {
        long started = Stopwatch.GetTimestamp();
        bool isBackingOff = false;
        while (!isBackingOff)
        {
            int before = countCalls();
            AssertUnavailable(await AskAsync(), s_timeoutAndSlack);
            isBackingOff = Count(api.Log, BackingOff) > _timesBackedOff || (isListening && countCalls() == before);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, s_patience);
        }

        int calls = countCalls();
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
        {
            Answer answer = await AskAsync();
            AssertUnavailable(answer, s_atOnce);
            slowest = answer.Elapsed > slowest ? answer.Elapsed : slowest;
        }

        Assert.Equal(calls, countCalls());
        return slowest;
    }

    public async Task AssertKeptAnswersServeAsync()
    {
        int calls = countCalls();
        Answer answer = await api.GetAsync("/read", "kept");

        Assert.Equal(200, answer.Status);
        Assert.InRange(answer.Elapsed, TimeSpan.Zero, s_atOnce);
        Assert.Equal(calls, countCalls());
    }

    /// <summary>Asks until somebody is let in: nothing has been restarted.</summary>
    /// <param name="token">A token that the server knows.</param>
    /// <param name="within">How long it may take.</param>
    public async Task<TimeSpan> RecoverAsync(string token, TimeSpan within)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Answer answer = await api.GetAsync("/read", token);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            Assert.InRange(elapsed, TimeSpan.Zero, within + TimeSpan.FromSeconds(2));
            if (answer.Status == 200)
                return elapsed;

            AssertUnavailable(answer, s_timeoutAndSlack);
        }
    }

    public static int Count(string text, string part) => text.Split(part).Length - 1;

    private static void AssertUnavailable(Answer answer, TimeSpan atMost)
    {
        Assert.Equal((503, null), (answer.Status, answer.WwwAuthenticate));
        Assert.InRange(int.Parse(answer.RetryAfter!, CultureInfo.InvariantCulture), 1, 300);
        Assert.InRange(answer.Elapsed, TimeSpan.Zero, atMost);
    }

    private Task<Answer> AskAsync() =>
        api.GetAsync("/read", "new-" + Interlocked.Increment(ref s_lastToken).ToString(CultureInfo.InvariantCulture));
}
