using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>What must not be held against the server, or forgotten about it.</summary>
public sealed class UnjustBlameTests : BadDayTest
{
    [Fact]
    public async Task A_call_without_time_left_does_not_count_against_the_server()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromSeconds(1);
            options.Resilience.MaximumConcurrentCalls = 1;
        });
        var first = new TaskCompletionSource();
        Server.RespondWith(
            async context =>
            {
                await first.Task;
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
            },
            calls: 1
        );
        Task<HttpResponseMessage> one = api.GetAsync("/read", Server.IssueToken("read"));
        await Server.WaitForCallsAsync(1);
        Task<HttpResponseMessage> two = api.GetAsync("/read", Server.IssueToken("read"));
        await Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), 1); // The second call waits for a place.
        Time.Advance(TimeSpan.FromSeconds(0.9));
        first.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await one).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await two).StatusCode); // the server would have had a tenth of a second
        Assert.Equal(1, Server.CallCount);

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    [Fact]
    public async Task Timeouts_of_calls_from_before_the_recovery_do_not_open_the_circuit()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.BreakerPause = TimeSpan.FromSeconds(1));
        var go = new TaskCompletionSource();
        Server.RespondWith(_ => go.Task, calls: 13);
        Task<HttpResponseMessage> first = api.GetAsync("/read", Server.IssueToken("read"));
        await Server.WaitForCallsAsync(1);
        Time.Advance(TimeSpan.FromSeconds(4));
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 12).Select(_ => api.GetAsync("/read", Server.IssueToken("read")))];
        await Server.WaitForCallsAsync(13);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await first).Dispose();
        await api.Log.WaitForAsync("CircuitOpened");
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api)); // the server is back

        Time.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(others);
        go.SetResult();

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    [Fact]
    public async Task A_reload_without_changes_does_not_end_the_back_off()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));

        ((IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>()).Reload();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
    }

    [Fact]
    public async Task Many_calls_to_a_healthy_server_do_not_make_a_stale_response_used()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Resilience.MaximumWait = TimeSpan.Zero;
            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(15);
        });
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        Server.Revoke(token);
        Time.Advance(TimeSpan.FromMinutes(5));
        using HeldResponses held = Server.HoldResponses();
        Task<HttpResponseMessage> garbage = api.GetAsync("/read", "garbage");
        await held.WaitForCallsAsync(1);

        HttpStatusCode status = (await SendAsync(api, token)).Status;
        held.Release();
        (await garbage).Dispose();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }
}
