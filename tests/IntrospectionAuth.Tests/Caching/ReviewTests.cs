using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Authorization;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Caching;

public sealed class ReviewTests : BadDayTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_late_older_answer_does_not_bring_a_refused_token_back(int inactiveAge)
    {
        await using TestApi api = await TestApi.StartAsync(Server, new TestApiSetup
        {
            Services = services => services.AddAuthentication().AddOAuthIntrospection(options => options.Cache.InactiveAge = TimeSpan.FromSeconds(inactiveAge)),
            Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
            Time = Time,
        });
        string token = Server.IssueToken("read");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Server.AnswerWith(async context =>
        {
            asked.SetResult();
            await go.Task;
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        }, calls: 1);
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
    public async Task The_fresh_token_of_one_scheme_does_not_vouch_for_the_identity_of_another()
    {
        await using TestApi api = await TestApi.StartAsync(Server, new TestApiSetup
        {
            Services = services => services.AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                .AddOAuthIntrospection(_ => { }).AddScheme<AuthenticationSchemeOptions, AcceptingHandler>("Key", null),
            Endpoints = app => app.MapGet("/key", (HttpContext context) => context.User.Identity!.AuthenticationType).RequireFreshToken(TimeSpan.Zero)
                .RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddAuthenticationSchemes("Key")),
            Time = Time,
        });

        using HttpResponseMessage response = await api.GetAsync("/key", Server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_call_that_had_no_time_left_is_not_held_against_the_server()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromSeconds(1);
            options.Resilience.MaximumConcurrentCalls = 1;
        });
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        int calls = 0;
        Server.AnswerWith(async context =>
        {
            await (Interlocked.Increment(ref calls) == 1 ? first : second).Task;
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        }, calls: 2);
        Task<HttpResponseMessage> one = api.GetAsync("/read", Server.IssueToken("read"));
        await Server.WaitForCallsAsync(1);
        Task<HttpResponseMessage> two = api.GetAsync("/read", Server.IssueToken("read"));
        for (int i = 0; i < 100_000; i++)
            await Task.Yield();
        Time.Advance(TimeSpan.FromSeconds(0.9));
        first.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await one).StatusCode);
        await Server.WaitForCallsAsync(2);
        Time.Advance(TimeSpan.FromSeconds(0.1)); // the server had a tenth of a second
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await two).StatusCode);
        second.SetResult();
        for (int i = 0; i < 1000; i++)
            await Task.Yield();

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api));
    }

    [Fact]
    public async Task Timeouts_of_calls_from_before_do_not_open_the_circuit_again()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.BreakerPause = TimeSpan.FromSeconds(1));
        var go = new TaskCompletionSource();
        Server.AnswerWith(_ => go.Task, calls: 13);
        Task<HttpResponseMessage> first = api.GetAsync("/read", Server.IssueToken("read"));
        await Server.WaitForCallsAsync(1);
        Time.Advance(TimeSpan.FromSeconds(4));
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 12).Select(_ => api.GetAsync("/read", Server.IssueToken("read")))];
        await Server.WaitForCallsAsync(13);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await first).Dispose();
        await Poll.UntilAsync(() => api.Log.Entries.Any(entry => entry.Event.Name == "CircuitOpened"));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api)); // the server is back

        Time.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(others);
        go.SetResult();

        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api));
    }

    [Fact]
    public async Task An_overruled_refresh_does_not_end_all_refreshes()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        bool isRefresh = false;
        int calls = 0;
        Server.AnswerWith(async context =>
        {
            Interlocked.Increment(ref calls);
            if (isRefresh)
            {
                cache.RemoveOrganization("new");
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read", org_id = "new" });
            }
            else
            {
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read", org_id = "old", exp = Time.GetUtcNow().ToUnixTimeSeconds() + 36000 });
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
    public async Task An_answer_that_is_overruled_each_time_is_used_by_nobody()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        Server.AnswerWith(async context =>
        {
            cache.RemoveToken(token);
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(api, token)).Status);
    }

    [Fact]
    public async Task The_attribute_says_everything_in_its_policy()
    {
        await using TestApi api = await StartAsync();
        IAuthorizeData attribute = new RequireFreshTokenAttribute(0);
        var user = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity("test"));

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(api.Services.GetRequiredService<IAuthorizationPolicyProvider>(), [attribute]);
        AuthorizationResult result = await api.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource: null, policy!);

        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task Answers_that_serve_nobody_any_more_are_no_consolation()
    {
        string hint = "access_token";
        await using TestApi api = await TestApi.StartAsync(Server, new TestApiSetup
        {
            Services = services =>
            {
                services.AddAuthentication().AddOAuthIntrospection(options => options.TokenTypeHint = hint);
                services.AddHealthChecks().AddOAuthIntrospection();
            },
            Time = Time,
        });
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api, token));
        hint = "other";
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().TryRemove(OAuthIntrospectionDefaults.AuthenticationScheme);
        Server.AnswerWith(500);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(api, token)).Status);

        HealthReport report = await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
    }
}
