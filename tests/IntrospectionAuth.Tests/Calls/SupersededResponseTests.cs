using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>Answers that were overtaken, refuted or forgotten while they were under way.</summary>
public sealed class SupersededResponseTests : BadDayTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_late_older_answer_does_not_bring_a_refused_token_back(int inactiveAge)
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options => options.Cache.InactiveAge = TimeSpan.FromSeconds(inactiveAge)),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );
        string token = Server.IssueToken("read");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Server.RespondWith(
            async context =>
            {
                asked.SetResult();
                await go.Task;
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
            },
            calls: 1
        );
        Task<HttpResponseMessage> slow = api.GetAsync("/read", token);
        await asked.Task;
        Time.Advance(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HttpResponseMessage now = await api.GetAsync("/now", token))
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        go.SetResult();
        (await slow).Dispose();

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await AskAsync(api, token));
    }

    [Fact]
    public async Task Garbage_does_not_wash_away_what_was_learnt_about_a_token_meanwhile()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection(options => options.Cache.MaximumInactiveEntries = 5),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );
        string token = Server.IssueToken("read");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Server.RespondWith(
            async context =>
            {
                asked.SetResult();
                await go.Task;
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
            },
            calls: 1
        );
        Task<HttpResponseMessage> slow = api.GetAsync("/read", token);
        await asked.Task;
        Time.Advance(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HttpResponseMessage now = await api.GetAsync("/now", token))
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        for (int i = 0; i < 20; i++)
            await AskAsync(api, "garbage" + i);
        go.SetResult();
        (await slow).Dispose();

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }

    [Fact]
    public async Task A_clock_that_steps_back_a_little_does_not_hide_that_a_token_is_inactive()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api, token));
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
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }

    [Fact]
    public async Task An_overruled_refresh_does_not_end_all_refreshes()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        bool isRefresh = false;
        int calls = 0;
        Server.RespondWith(async context =>
        {
            Interlocked.Increment(ref calls);
            if (isRefresh)
            {
                cache.RemoveOrganization("new");
                await context.Response.WriteAsJsonAsync(
                    new
                    {
                        active = true,
                        scope = "read",
                        org_id = "new",
                    }
                );
            }
            else
            {
                await context.Response.WriteAsJsonAsync(
                    new
                    {
                        active = true,
                        scope = "read",
                        org_id = "old",
                        exp = Time.GetUtcNow().ToUnixTimeSeconds() + 36000,
                    }
                );
            }
        });
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api, token));
        isRefresh = true;
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(api, token)).Status);
        await Poll.UntilAsync(() => Volatile.Read(ref calls) == 2);
        for (int i = 0; i < 10_000; i++)
            await Task.Yield();
        isRefresh = false;
        Server.ResetBehavior();
        Server.Revoke(token);

        for (int minute = 0; minute < 60; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await AskAsync(api, token);
            for (int i = 0; i < 1000; i++)
                await Task.Yield();
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }

    [Fact]
    public async Task Nobody_waits_for_longer_than_the_timeout()
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

        await AskAsync(api, token);

        Assert.InRange((Time.GetUtcNow() - start).TotalSeconds, 0, 8); // the clock jumps by 4: the second attempt is given up, and there is no third
    }
}
