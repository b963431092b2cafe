using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>Results that a newer result or a removal superseded while their call was in flight.</summary>
public sealed class SupersededResponseTests : BadDayTest
{
    private readonly TaskCompletionSource _olderRequested = new();
    private readonly TaskCompletionSource _olderReleased = new();

    [Fact]
    public async Task An_older_response_that_arrives_late_does_not_replace_a_newer_one()
    {
        await using TestApi api = await StartWithFreshEndpointAsync();
        string token = Server.IssueToken("read");
        Task<HttpResponseMessage> older = await SupersedeOlderResponseAsync(api, token);

        await ReleaseAsync(older);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_late_older_response_does_not_bring_a_rejected_token_back(int inactiveAge)
    {
        await using TestApi api = await StartWithFreshEndpointAsync(cache => cache.InactiveAge = TimeSpan.FromSeconds(inactiveAge));
        string token = Server.IssueToken("read");
        Task<HttpResponseMessage> older = await SupersedeOlderResponseAsync(api, token);

        await ReleaseAsync(older);

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Fact]
    public async Task Invalid_tokens_do_not_evict_a_newer_result_before_the_older_response_arrives()
    {
        await using TestApi api = await StartWithFreshEndpointAsync(cache => cache.MaximumInactiveEntries = 5);
        string token = Server.IssueToken("read");
        Task<HttpResponseMessage> older = await SupersedeOlderResponseAsync(api, token);
        for (int i = 0; i < 20; i++)
            await SendAsync(api, "garbage" + i);

        await ReleaseAsync(older);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Fact]
    public async Task Entries_from_the_future_after_a_clock_change_do_not_block_newer_ones()
    {
        await using TestApi api = await StartWithFreshEndpointAsync();
        string token = Server.IssueToken("read");
        Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);

        Time.SetBack(TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);

        Assert.Equal(2, Server.CallCount);
    }

    [Fact]
    public async Task A_clock_that_steps_back_does_not_hide_that_a_token_is_inactive()
    {
        await using TestApi api = await StartWithFreshEndpointAsync();
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        Time.SetBack(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HeldResponses held = Server.HoldResponses())
        {
            Task<HttpResponseMessage> asking = api.GetAsync("/now", token);
            await held.WaitForCallsAsync(1);
            Time.Advance(TimeSpan.FromSeconds(2));
            held.Release();
            using HttpResponseMessage now = await asking;
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        }

        Server.ResetBehavior();
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Fact]
    public async Task A_superseded_refresh_does_not_prevent_later_refreshes()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        long exp = Time.GetUtcNow().ToUnixTimeSeconds() + 36000;
        RespondWithOrganization("old", exp);
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        RespondWithOrganization("new", exp, () => cache.RemoveOrganization("new"));
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);
        await api.IdleAsync();
        Assert.Equal(2, Server.CallCount);
        Server.ResetBehavior();
        Server.Revoke(token);

        for (int minute = 0; minute < 60; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await SendAsync(api, token);
            await api.IdleAsync();
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Fact]
    public async Task No_request_waits_longer_than_the_timeout()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        Server.RespondWith(async context =>
        {
            Time.Advance(TimeSpan.FromSeconds(4));
            cache.RemoveToken(token);
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        });
        DateTimeOffset start = Time.GetUtcNow();

        await SendAsync(api, token);

        // The clock advances by 4 with each call: the second attempt times out and there is no third.
        Assert.InRange((Time.GetUtcNow() - start).TotalSeconds, 0, 8);
    }

    private Task<TestApi> StartWithFreshEndpointAsync(Action<OAuthIntrospectionCacheOptions>? configure = null) =>
        TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options.Cache)),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );

    /// <summary>Requests an active response that the server holds. Then the token is revoked, and a newer call finds it inactive.</summary>
    /// <returns>The request that waits for the older response.</returns>
    private async Task<Task<HttpResponseMessage>> SupersedeOlderResponseAsync(TestApi api, string token)
    {
        Server.RespondWith(
            async context =>
            {
                _olderRequested.SetResult();
                await _olderReleased.Task;
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
            },
            calls: 1
        );
        Task<HttpResponseMessage> older = api.GetAsync("/read", token);
        await _olderRequested.Task;
        Time.Advance(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HttpResponseMessage newer = await api.GetAsync("/now", token))
            Assert.Equal(HttpStatusCode.Unauthorized, newer.StatusCode);
        return older;
    }

    private async Task ReleaseAsync(Task<HttpResponseMessage> older)
    {
        _olderReleased.SetResult();
        (await older).Dispose();
    }

    private void RespondWithOrganization(string organization, long exp, Action? before = null) =>
        Server.RespondWith(async context =>
        {
            before?.Invoke();
            await context.Response.WriteAsJsonAsync(
                new
                {
                    active = true,
                    scope = "read",
                    org_id = organization,
                    exp,
                }
            );
        });
}
