using System.Diagnostics;
using System.Globalization;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>What callers see of an outage, from the first failure to the first success: a timeout of 1 s and a pause of 1.5 s.</summary>
internal sealed class Outage(SampleApi api, Func<int> countCalls)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    private const string BackingOff = "so no calls are made for";

    private static readonly TimeSpan s_timeoutAndSlack = TimeSpan.FromSeconds(1 + 2);
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private static int s_lastToken;

    private readonly int _timesBackedOff = Count(api.Log, BackingOff);

    /// <summary>The first caller gets 503 without a challenge, within the timeout.</summary>
    public async Task<TimeSpan> FirstRequestFailsAsync()
    {
        ApiResponse response = await GetWithNewTokenAsync();
        AssertUnavailable(response, s_timeoutAndSlack);
        return response.Elapsed;
    }

    /// <summary>Waits for the handler to back off. From then on requests get 503 immediately and no call is made.</summary>
    /// <returns>The time of the slowest immediate response.</returns>
    /// <param name="receivesCalls">Whether calls reach the server. When they do not, only the log shows that the handler backs off.</param>
    public async Task<TimeSpan> WaitForBackOffAsync(bool receivesCalls = false)
    {
        long started = Stopwatch.GetTimestamp();
        bool isBackingOff = false;
        while (!isBackingOff)
        {
            int before = countCalls();
            AssertUnavailable(await GetWithNewTokenAsync(), s_timeoutAndSlack);
            isBackingOff = Count(api.Log, BackingOff) > _timesBackedOff || (receivesCalls && countCalls() == before);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, s_limit);
        }

        int calls = countCalls();
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
        {
            ApiResponse response = await GetWithNewTokenAsync();
            AssertUnavailable(response, s_atOnce);
            slowest = response.Elapsed > slowest ? response.Elapsed : slowest;
        }

        Assert.Equal(calls, countCalls());
        return slowest;
    }

    public async Task AssertCachedResponsesServeAsync()
    {
        int calls = countCalls();
        ApiResponse response = await api.GetAsync("/read", "kept");

        Assert.Equal(200, response.Status);
        Assert.InRange(response.Elapsed, TimeSpan.Zero, s_atOnce);
        Assert.Equal(calls, countCalls());
    }

    /// <summary>Sends requests until one succeeds, without a restart of the API.</summary>
    /// <param name="token">A token with a configured response.</param>
    /// <param name="within">How long it may take.</param>
    public async Task<TimeSpan> RecoverAsync(string token, TimeSpan within)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            ApiResponse response = await api.GetAsync("/read", token);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            Assert.InRange(elapsed, TimeSpan.Zero, within + TimeSpan.FromSeconds(2));
            if (response.Status == 200)
                return elapsed;

            AssertUnavailable(response, s_timeoutAndSlack);
        }
    }

    public static int Count(string text, string part) => text.Split(part).Length - 1;

    private static void AssertUnavailable(ApiResponse response, TimeSpan atMost)
    {
        Assert.Equal((503, null), (response.Status, response.WwwAuthenticate));
        Assert.InRange(int.Parse(response.RetryAfter!, CultureInfo.InvariantCulture), 1, 300);
        Assert.InRange(response.Elapsed, TimeSpan.Zero, atMost);
    }

    private Task<ApiResponse> GetWithNewTokenAsync() =>
        api.GetAsync("/read", "new-" + Interlocked.Increment(ref s_lastToken).ToString(CultureInfo.InvariantCulture));
}
