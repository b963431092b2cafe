using System.Diagnostics;

namespace IntrospectionAuth.Tests.Support;

/// <summary>Waits for what happens in the background and gives no signal. Looking again takes no time away from what is waited for.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60); // reached only when it never happens

    public static async Task UntilAsync(Func<bool> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, "What was waited for has not happened.");
            await Task.Delay(s_interval, TimeProvider.System);
        }
    }
}
