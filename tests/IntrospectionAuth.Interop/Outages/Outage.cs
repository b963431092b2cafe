using System.Diagnostics;
using System.Globalization;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>What callers see of an outage, from the first failure to the first success: a timeout of 1 s and a pause of 1.5 s.</summary>
internal sealed class Outage(SampleApi api, Func<int> countCalls)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    private const string BackingOff = "so no calls are made for";

    private static int s_lastToken;

    private readonly int _timesBackedOff = Count(api.Log, BackingOff);

    private long _lastCallBegan;
    private bool _pauseMayHaveEnded;

    /// <summary>The first caller gets 503 without a challenge.</summary>
    public async Task<TimeSpan> FirstRequestFailsAsync()
    {
        _lastCallBegan = Stopwatch.GetTimestamp();
        ApiResponse response = await GetWithNewTokenAsync();
        AssertUnavailable(response);
        return response.Elapsed;
    }

    /// <summary>Waits for the handler to back off. From then on requests get 503 immediately and no call is made.</summary>
    /// <returns>The time of the slowest immediate response.</returns>
    /// <param name="receivesCalls">Whether calls reach the server. When they do not, only the log shows that the handler backs off.</param>
    public async Task<TimeSpan> WaitForBackOffAsync(bool receivesCalls = false)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, ApiResponse.Hang);
            (_, bool madeCall) = await FailAsync();
            if (receivesCalls ? madeCall : Count(api.Log, BackingOff) <= _timesBackedOff)
                continue;

            bool madeCalls = false;
            TimeSpan slowest = TimeSpan.Zero;
            for (int i = 0; i < 5; i++)
            {
                (TimeSpan elapsed, madeCall) = await FailAsync();
                madeCalls |= madeCall;
                slowest = elapsed > slowest ? elapsed : slowest;
            }

            // On a busy machine the pause may end meanwhile: then a call probes the server, and the next pause shows the same.
            if (madeCalls && _pauseMayHaveEnded)
                continue;

            Assert.False(madeCalls);
            return slowest;
        }
    }

    public async Task AssertCachedResponsesServeAsync()
    {
        int calls = countCalls();
        ApiResponse response = await api.GetAsync("/read", "kept");

        Assert.Equal(200, response.Status);
        Assert.InRange(response.Elapsed, TimeSpan.Zero, ApiResponse.Hang);
        Assert.Equal(calls, countCalls());
    }

    /// <summary>Sends requests until one succeeds, without a restart of the API.</summary>
    /// <param name="token">A token with a configured response.</param>
    public async Task<TimeSpan> RecoverAsync(string token)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            ApiResponse response = await api.GetAsync("/read", token);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            Assert.InRange(elapsed, TimeSpan.Zero, ApiResponse.Hang);
            if (response.Status == 200)
                return elapsed;

            AssertUnavailable(response);
        }
    }

    public static int Count(string text, string part) => text.Split(part).Length - 1;

    private static void AssertUnavailable(ApiResponse response)
    {
        Assert.Equal((503, null), (response.Status, response.WwwAuthenticate));
        Assert.InRange(int.Parse(response.RetryAfter!, CultureInfo.InvariantCulture), 1, 300);
        Assert.InRange(response.Elapsed, TimeSpan.Zero, ApiResponse.Hang);
    }

    private async Task<(TimeSpan Elapsed, bool MadeCall)> FailAsync()
    {
        int before = countCalls();
        long began = Stopwatch.GetTimestamp();
        ApiResponse response = await GetWithNewTokenAsync();
        AssertUnavailable(response);
        bool madeCall = countCalls() != before;
        if (madeCall)
        {
            _pauseMayHaveEnded = Stopwatch.GetElapsedTime(_lastCallBegan) >= Pause;
            _lastCallBegan = began;
        }

        return (response.Elapsed, madeCall);
    }

    private Task<ApiResponse> GetWithNewTokenAsync() =>
        api.GetAsync("/read", "new-" + Interlocked.Increment(ref s_lastToken).ToString(CultureInfo.InvariantCulture));
}
