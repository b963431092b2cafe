using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>
/// A call in flight may be joined while its response is young enough. Its age counts from when the server was asked.
/// </summary>
public sealed class JoinedCallAgeTests : BadDayTest
{
    private const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;

    private static readonly object s_active = new { active = true, scope = "first" };
    private static readonly object s_inactive = new { active = false };

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _deliver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string, Action<OAuthIntrospectionOptions>, object> Bounds =>
        new()
        {
            { "InactiveAge", _ => { }, s_inactive },
            { "InactiveAge of zero", options => options.Cache.InactiveAge = TimeSpan.Zero, s_inactive },
            { "DefaultAge", options => options.Cache.DefaultAge = TimeSpan.FromSeconds(10), s_active },
            { "DefaultAge of zero", options => options.Cache.DefaultAge = TimeSpan.Zero, s_active },
            { "max-age", options => options.Cache.HonorCacheControl = true, s_active },
            {
                "exp",
                _ => { },
                new
                {
                    active = true,
                    scope = "first",
                    exp = ManualTimeProvider.Start.AddSeconds(10).ToUnixTimeSeconds(),
                }
            },
        };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_response_is_older_than_MaximumAge_before_it_arrives_is_not_joined(bool isActive)
    {
        await using TestApi api = await StartSlowAsync(options => options.Cache.MaximumAge = TimeSpan.FromSeconds(1));
        DecideAtOnceAndDeliverLate(isActive ? s_active : s_inactive);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;

        Time.Advance(TimeSpan.FromSeconds(20));
        Task<string>[] later = [IntrospectAsync(api), IntrospectAsync(api)];

        Assert.Equal(["later", "later"], await Task.WhenAll(later)); // without waiting for the first
        Assert.Equal(2, Server.CallCount);
        _deliver.SetResult();
        Assert.Equal(isActive ? "first" : "inactive", await first); // the server was asked for this request
    }

    [Theory]
    [InlineData(10, "later")]
    [InlineData(60, "first")]
    public async Task An_endpoint_that_requires_a_fresh_token_does_not_join_a_call_sent_too_long_ago(int seconds, string expected)
    {
        await using TestApi api = await StartSlowAsync(_ => { });
        DecideAtOnceAndDeliverLate(s_active);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;

        Time.Advance(TimeSpan.FromSeconds(20));
        Task<string> fresh = IntrospectAsync(api, TimeSpan.FromSeconds(seconds));
        _deliver.SetResult();

        Assert.Equal(expected, await fresh);
        Assert.Equal("first", await first);
    }

    [Theory]
    [InlineData(10, 60)]
    [InlineData(60, 10)]
    [InlineData(10, null)]
    [InlineData(null, 10)]
    public async Task The_shorter_of_MaximumAge_and_the_required_freshness_decides_whether_a_call_is_joined(int? required, int? maximum)
    {
        await using TestApi api = await StartSlowAsync(options =>
            options.Cache.MaximumAge = maximum is { } age ? TimeSpan.FromSeconds(age) : null
        );
        DecideAtOnceAndDeliverLate(s_active);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;

        Time.Advance(TimeSpan.FromSeconds(20));
        Task<string> later = IntrospectAsync(api, required is { } freshness ? TimeSpan.FromSeconds(freshness) : null);

        Assert.Equal("later", await later.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None)); // without waiting for the first
        _deliver.SetResult();
        await first;
    }

    [Fact]
    public async Task A_request_that_joined_a_call_says_so()
    {
        await using TestApi api = await StartSlowAsync(_ => { });
        DecideAtOnceAndDeliverLate(s_active);
        (CachingIntrospector introspector, SchemeServer server, CacheKey key) = Parts(api, "token");

        Task<(IntrospectionResult, ResponseSource Source)> first = introspector.IntrospectAsync(
            server,
            key,
            "token",
            requiredFreshness: null,
            CancellationToken.None
        );
        Task<(IntrospectionResult, ResponseSource Source)> second = introspector.IntrospectAsync(
            server,
            key,
            "token",
            requiredFreshness: null,
            CancellationToken.None
        );
        _deliver.SetResult();

        Assert.Equal(ResponseSource.Call, (await first).Source);
        Assert.Equal(ResponseSource.JoinedCall, (await second).Source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_stops_waiting_when_the_response_has_become_too_old_for_it(bool isRequiredByEndpoint)
    {
        TimeSpan age = TimeSpan.FromSeconds(10);
        await using TestApi api = await StartSlowAsync(options => options.Cache.MaximumAge = isRequiredByEndpoint ? null : age);
        DecideAtOnceAndDeliverLate(s_active);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;
        Time.Advance(TimeSpan.FromSeconds(8));
        Task<string>[] joined = [.. Enumerable.Range(0, 5).Select(_ => IntrospectAsync(api, isRequiredByEndpoint ? age : null))];
        Assert.Equal(1, Server.CallCount);

        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(await Task.WhenAll(joined), one => Assert.Equal("later", one));
        Assert.Equal(2, Server.CallCount);
        _deliver.SetResult();
        Assert.Equal("first", await first);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public async Task Limits_of_a_cached_response_apply_to_a_joined_one(
        string bound,
        Action<OAuthIntrospectionOptions> configure,
        object decided
    )
    {
        await using TestApi api = await StartSlowAsync(configure);
        DecideAtOnceAndDeliverLate(decided);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;

        Time.Advance(TimeSpan.FromSeconds(20));
        Task<string>[] joined = [IntrospectAsync(api), IntrospectAsync(api), IntrospectAsync(api)];
        _deliver.SetResult();

        Assert.Equal(["later", "later", "later"], await Task.WhenAll(joined));
        Assert.True(2 == Server.CallCount, bound);
        await first;
    }

    [Theory]
    [InlineData("InactiveAge")]
    [InlineData("DefaultAge")]
    [InlineData("max-age")]
    public async Task Simultaneous_requests_share_a_call_even_when_its_response_is_not_cached(string unkept)
    {
        await using TestApi api = await StartSlowAsync(options =>
        {
            options.Cache.InactiveAge = options.Cache.DefaultAge = TimeSpan.Zero;
            options.Cache.HonorCacheControl = unkept == "max-age";
        });
        DecideAtOnceAndDeliverLate(unkept == "InactiveAge" ? s_inactive : s_active);
        Task<string> first = IntrospectAsync(api);
        await _asked.Task;

        Task<string> second = IntrospectAsync(api);
        _deliver.SetResult();

        Assert.Equal(await first, await second);
        Assert.Equal(1, Server.CallCount);
    }

    [Fact]
    public async Task A_background_refresh_sent_too_long_ago_is_not_joined()
    {
        await using TestApi api = await StartSlowAsync(options =>
        {
            options.Cache.RefreshAfter = TimeSpan.FromSeconds(10);
            options.Cache.MaximumAge = TimeSpan.FromSeconds(30);
        });
        string token = Server.IssueToken("kept");
        Assert.Equal("kept", await IntrospectAsync(api, token: token));
        DecideAtOnceAndDeliverLate(s_active);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(Find(api, token)); // and begins the refresh
        await _asked.Task;

        Time.Advance(TimeSpan.FromSeconds(31));
        Task<string> late = IntrospectAsync(api, token: token);

        Assert.Equal("later", await late);
        _deliver.SetResult();
    }

    [Fact]
    public async Task A_stale_entry_serves_by_its_own_age_when_the_joined_call_fails()
    {
        await using TestApi api = await StartSlowAsync(options =>
        {
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromSeconds(15);
            options.Resilience.Retries = 0;
        });
        string token = Server.IssueToken("kept");
        Assert.Equal("kept", await IntrospectAsync(api, token: token));
        Time.Advance(TimeSpan.FromSeconds(12));
        Server.RespondWith(async context =>
        {
            _asked.TrySetResult();
            await _deliver.Task;
            context.Response.StatusCode = 500;
        });
        Task<string> early = IntrospectAsync(api, token: token);
        await _asked.Task;
        Time.Advance(TimeSpan.FromSeconds(5));
        Task<string> stillStale = IntrospectAsync(api, token: token);
        _deliver.SetResult();

        Assert.Equal(["kept", "kept"], await Task.WhenAll(early, stillStale));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("unavailable", await IntrospectAsync(api, token: token));
    }

    private Task<TestApi> StartSlowAsync(Action<OAuthIntrospectionOptions> configure) =>
        StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromSeconds(60);
            options.Cache.HonorCacheControl = false;
            configure(options);
        });

    /// <summary>The first response is decided before the clock moves and has <c>no-store</c>. Later responses have another scope.</summary>
    private void DecideAtOnceAndDeliverLate(object decided)
    {
        int calls = 0;
        Server.RespondWith(async context =>
        {
            bool isFirst = Interlocked.Increment(ref calls) == 1;
            if (isFirst)
            {
                _asked.SetResult();
                await _deliver.Task;
                context.Response.Headers.CacheControl = "no-store";
            }

            await context.Response.WriteAsJsonAsync(isFirst ? decided : new { active = true, scope = "later" });
        });
    }

    /// <summary>Introspects as a request that found no entry. On return it has joined a call or begun one.</summary>
    private static async Task<string> IntrospectAsync(TestApi api, TimeSpan? requiredFreshness = null, string token = "token")
    {
        (CachingIntrospector introspector, SchemeServer server, CacheKey key) = Parts(api, token);
        (IntrospectionResult result, _) = await introspector.IntrospectAsync(server, key, token, requiredFreshness, CancellationToken.None);
        return result.Response is { } response ? response.Members.Single(member => member.Name == "scope").Text : result.OutcomeName;
    }

    private CacheEntry? Find(TestApi api, string token)
    {
        (CachingIntrospector introspector, SchemeServer server, CacheKey key) = Parts(api, token);
        return introspector.FindCached(server, key, token, requiredFreshness: null, Time.GetUtcNow());
    }

    private static (CachingIntrospector Introspector, SchemeServer Server, CacheKey Key) Parts(TestApi api, string token)
    {
        var introspector = api.Services.GetRequiredService<CachingIntrospector>();
        OAuthIntrospectionOptions options = api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(Scheme);
        SchemeServer server = api.Services.GetRequiredService<SchemeServers>().Get(Scheme, options);
        return (introspector, server, introspector.BuildKey(server, token));
    }
}
