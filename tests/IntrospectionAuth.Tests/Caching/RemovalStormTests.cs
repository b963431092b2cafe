using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>
/// Removals during a call: a response requested before a removal is superseded, one requested after it is not.
/// </summary>
public sealed class RemovalStormTests : BadDayTest
{
    private static readonly object s_active = new
    {
        active = true,
        scope = "read",
        sub = "s",
        sid = "i",
        client_id = "c",
        org_id = "o",
        workspace_id = "w",
    };

    public static TheoryData<string, Action<OAuthIntrospectionCache>> Removals =>
        new()
        {
            { "token", cache => cache.RemoveToken("busy") },
            { "subject", cache => cache.RemoveSubject("s") },
            { "session", cache => cache.RemoveSession("i") },
            { "client", cache => cache.RemoveClient("c") },
            { "organization", cache => cache.RemoveOrganization("o") },
            { "workspace", cache => cache.RemoveWorkspace("w") },
        };

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task Removals_faster_than_the_server_responds_starve_no_request(string kind, Action<OAuthIntrospectionCache> remove)
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        RespondAfter(() => remove(cache));

        Assert.True((HttpStatusCode.OK, 3) == await SendAsync(api, "busy"), kind);
        Assert.True((HttpStatusCode.OK, 3) == await SendAsync(api, "busy"), "a superseded result is not cached");
    }

    [Fact]
    public async Task A_crowd_is_served_regardless_of_how_fast_removals_arrive()
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        RespondAfter(() => cache.RemoveOrganization("o"));

        (HttpStatusCode Status, int)[] crowd = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SendAsync(api, "busy")));

        Assert.All(crowd, one => Assert.Equal(HttpStatusCode.OK, one.Status));
    }

    [Fact]
    public async Task Removals_faster_than_a_slow_server_responds_starve_no_request_within_the_timeout()
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        int calls = 0;
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.RespondWith(async context =>
        {
            bool isFirst = Interlocked.Increment(ref calls) == 1;
            cache.RemoveOrganization("o");
            if (isFirst)
                Time.Advance(TimeSpan.FromSeconds(3));
            else
                second.TrySetResult();
            if (!isFirst)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(s_active);
        });

        Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api, "busy");
        await second.Task;
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((HttpStatusCode.OK, 2), await request);
    }

    [Fact]
    public async Task A_response_requested_before_the_only_removal_is_not_served_when_the_server_hangs_afterwards()
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        int calls = 0;
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.RespondWith(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                cache.RemoveToken("busy");
                await context.Response.WriteAsJsonAsync(s_active);
                return;
            }

            second.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api, "busy");
        await second.Task;
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).Status);
    }

    [Fact]
    public async Task A_response_requested_before_the_only_removal_is_not_served_when_the_server_fails_afterwards()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Retries = 0);
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        int calls = 0;
        Server.RespondWith(async context =>
        {
            if (Interlocked.Increment(ref calls) > 1)
            {
                context.Response.StatusCode = 500;
                return;
            }

            cache.RemoveSubject("s");
            await context.Response.WriteAsJsonAsync(s_active);
        });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 2), await SendAsync(api, "busy"));
    }

    [Fact]
    public async Task A_request_that_joins_after_the_removal_never_gets_a_response_requested_before_it()
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        string token = Server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["org_id"] = "o";
        });
        int calls = 0;
        var gate = new Gate();
        Server.RespondWith(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await gate.WaitAsync();
                await context.Response.WriteAsJsonAsync(s_active);
                return;
            }

            cache.RemoveOrganization("o"); // and again on every later call
            await context.Response.WriteAsJsonAsync(new { active = false });
        });
        Task<(HttpStatusCode Status, int)> before = SendAsync(api, token);
        await gate.Arrived;

        cache.RemoveOrganization("o");
        Task<(HttpStatusCode Status, int)> after = SendAsync(api, token);
        gate.Release();

        Assert.Equal(HttpStatusCode.Unauthorized, (await after).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await before).Status);
    }

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task A_response_requested_after_a_removal_is_used_and_cached_even_when_the_call_began_before(
        string kind,
        Action<OAuthIntrospectionCache> remove
    )
    {
        await using TestApi api = await StartAsync();
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        int calls = 0;
        Server.RespondWith(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                remove(cache);
                context.Response.StatusCode = 503; // the call is retried and asks again
                return;
            }

            await context.Response.WriteAsJsonAsync(s_active);
        });

        Assert.True((HttpStatusCode.OK, 2) == await SendAsync(api, "busy"), kind);
        Assert.True((HttpStatusCode.OK, 0) == await SendAsync(api, "busy"), kind);
    }

    private void RespondAfter(Action act) =>
        Server.RespondWith(async context =>
        {
            act();
            await context.Response.WriteAsJsonAsync(s_active);
        });
}
