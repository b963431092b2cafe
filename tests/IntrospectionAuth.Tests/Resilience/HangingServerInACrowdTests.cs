using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>A server that hangs while more ask than may.</summary>
public sealed class HangingServerInACrowdTests : BadDayTest
{
    [Fact]
    public async Task A_server_that_hangs_is_found_out_however_long_calls_wait_for_their_turn()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromSeconds(1);
            options.Resilience.MaximumConcurrentCalls = 1;
        });
        for (int i = 0; i < 30; i++)
            await AskAsync(api);
        var never = new TaskCompletionSource();
        Server.RespondWith(_ => never.Task);

        var requests = new List<Task<HttpResponseMessage>>();
        for (int tenth = 0; tenth < 300; tenth++)
        {
            requests.Add(api.GetAsync("/read", Server.IssueToken("read")));
            await YieldAsync();
            Time.Advance(TimeSpan.FromSeconds(0.1));
            await YieldAsync();
        }

        never.SetResult();
        while (!requests.TrueForAll(request => request.IsCompleted))
        {
            Time.Advance(TimeSpan.FromSeconds(0.1));
            await YieldAsync();
        }

        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
    }

    private static async Task YieldAsync()
    {
        for (int i = 0; i < 500; i++)
            await Task.Yield();
    }
}
