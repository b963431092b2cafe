using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>Event handlers and client authentication methods that take their time.</summary>
public sealed class SlowApplicationTests : BadDayTest
{
    [Fact]
    public async Task Time_spent_in_application_code_does_not_count_against_the_server()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = context =>
            {
                Time.Advance(TimeSpan.FromSeconds(4.9));
                return Task.CompletedTask;
            }
        );
        var never = new TaskCompletionSource();
        Server.RespondWith(_ => never.Task, calls: 1);
        Task<HttpResponseMessage> slow = api.GetAsync("/read", Server.IssueToken("read"));
        await Server.WaitForCallsAsync(1);
        Time.Advance(TimeSpan.FromSeconds(0.1)); // the server had a tenth of a second
        (await slow).Dispose();
        never.SetResult();

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
    }
}
