using System.Net;
using System.Threading.RateLimiting;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Server;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>The maximum number of concurrent calls, regardless of their results.</summary>
public sealed class ConcurrentCallTests : BadDayTest
{
    /// <summary>Gets everything that can become of a call.</summary>
    public static TheoryData<string> Fates =>
        ["active", "inactive", "500", "401", "429", "garbage", "cut", "timeout", "aborted", "event", "credentials", "cancelled"];

    [Fact]
    public async Task At_most_MaximumConcurrentCalls_are_in_flight_and_every_call_is_made()
    {
        int current = 0;
        int most = 0;
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 3;
            options.Resilience.MaximumWait = TimeSpan.FromMinutes(1);
        });
        Server.RespondWith(async context =>
        {
            int now = Interlocked.Increment(ref current);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref current);
            await Server.RespondNormallyAsync(context);
        });

        using HeldResponses held = Server.HoldResponses();
        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 100).Select(_ => api.GetAsync("/read", Server.IssueToken("read")))];
        await held.WaitForCallsAsync(3);
        Assert.Equal(3, Server.CallCount);
        held.Release();

        Assert.All(await Task.WhenAll(requests), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.InRange(most, 1, 3);
        Assert.Equal(100, Server.CallCount);
    }

    [Fact]
    public async Task Requests_without_a_permit_in_time_get_503_and_one_warning_is_logged()
    {
        await using TestApi api = await StartAsync(OnePlace);
        string kept = Server.IssueToken("read");
        await SendAsync(api, kept);
        using HeldResponses held = Server.HoldResponses();
        Task<(HttpStatusCode Status, int)> first = SendAsync(api);
        await held.WaitForCallsAsync(1);

        for (int i = 0; i < 10; i++)
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, kept));
        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "TooManyCalls");

        held.Release();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    [Fact]
    public async Task Waiting_for_a_permit_until_Timeout_does_not_count_against_the_server()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Resilience.MaximumWait = TimeSpan.FromMinutes(1);
        });
        OAuthIntrospectionOptions options = api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get("OAuthIntrospection");
        CallLimiter limiter = api.Services.GetRequiredService<SchemeServers>().Get("OAuthIntrospection", options).Guard.Limiter;
        using RateLimitLease? onlyPlace = await limiter.EnterAsync(isRefresh: false, default);

        Task<(HttpStatusCode Status, int)>[] others = [.. Enumerable.Range(0, 10).Select(_ => SendAsync(api))];
        await Time.WaitForTimersAsync(options.Timeout / 2, others.Length);
        Time.Advance(options.Timeout);

        Assert.All(await Task.WhenAll(others), other => Assert.Equal(HttpStatusCode.ServiceUnavailable, other.Status));
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "TimedOut");
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "TooManyCalls");
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task A_call_releases_its_slot_regardless_of_its_result(string fate)
    {
        await using TestApi api = await StartAsync(options =>
        {
            OnePlace(options);
            options.Resilience.Enabled = false; // what is held back takes no place
            options.ClientAuthenticationMethod = new Failing(() => fate == "credentials");
            options.Events.OnIntrospecting = _ =>
                fate switch
                {
                    "event" => throw new InvalidOperationException("the user's own"),
                    "cancelled" => throw new OperationCanceledException("the user's own"),
                    _ => Task.CompletedTask,
                };
        });

        for (int i = 0; i < 3; i++)
            await MeetAsync(api, fate);
        fate = "";
        Server.RespondWith(200, """{"active":true,"scope":"read"}""");

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    private static void OnePlace(OAuthIntrospectionOptions options)
    {
        options.Resilience.MaximumConcurrentCalls = 1;
        options.Resilience.MaximumWait = TimeSpan.Zero;
    }

    private static void InterlockedMax(ref int location, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref location)) < value && Interlocked.CompareExchange(ref location, value, seen) != seen) { }
    }

    private async Task MeetAsync(TestApi api, string fate)
    {
        switch (fate)
        {
            case "timeout":
                await RunIntoTimeoutAsync(api);
                return;
            case "aborted":
                await LeaveAsync(api);
                return;
            case "event" or "cancelled":
                await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(api));
                return;
            case "cut":
                Server.Disconnect(calls: 1);
                break;
            case "active" or "inactive" or "credentials":
                Server.RespondWith(
                    200,
                    $$"""{"active":{{(fate == "active" ? "true" : "false")}}}""",
                    calls: fate == "credentials" ? 99 : 1
                );
                break;
            case "garbage":
                Server.RespondWith(200, "garbage", calls: 1);
                break;
            default:
                Server.RespondWith(int.Parse(fate, System.Globalization.CultureInfo.InvariantCulture), calls: 1);
                break;
        }

        Assert.Equal(fate == "credentials" ? 0 : 1, (await SendAsync(api)).Calls);
        Server.ResetBehavior();
    }

    /// <summary>A caller goes away: the call keeps its place until it has ended, and not longer.</summary>
    private async Task LeaveAsync(TestApi api)
    {
        string token = Server.IssueToken("read");
        Server.RespondWith(200, """{"active":true,"scope":"read"}""");
        using HeldResponses held = Server.HoldResponses();
        using var caller = new CancellationTokenSource();
        Task<HttpResponseMessage> leaving = api.GetAsync("/read", token, caller.Token);
        await held.WaitForCallsAsync(1);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
        held.Release();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status); // ends with the call, or after it
        Server.ResetBehavior();
    }

    private sealed class Failing(Func<bool> fails) : ClientAuthenticationMethod("failing")
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context) =>
            fails() ? throw new InvalidOperationException("no credentials") : default;
    }
}
