using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>A server that hangs while more ask than may.</summary>
public sealed class HangingServerInACrowdTests : BadDayTest
{
    [Fact]
    public async Task A_hanging_server_is_detected_regardless_of_how_long_calls_wait_for_permits()
    {
        var timeout = TimeSpan.FromSeconds(1);
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = timeout;
            options.Resilience.MaximumConcurrentCalls = 1;
        });
        for (int i = 0; i < 30; i++)
            await SendAsync(api);
        var never = new TaskCompletionSource();
        Server.RespondWith(_ => never.Task);

        var requests = new List<Task<HttpResponseMessage>>();
        for (int tenth = 0; tenth < 300; tenth++)
        {
            int timers = Time.CountTimers(timeout);
            requests.Add(api.GetAsync("/read", Server.IssueToken("read")));
            await Time.WaitForTimersAsync(timeout, timers + 1);
            Time.Advance(TimeSpan.FromSeconds(0.1));
            if (tenth >= 15)
                await requests[tenth - 15]; // It has timed out.
        }

        never.SetResult();
        Time.Advance(timeout);
        await Task.WhenAll(requests);

        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
    }
}
