using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Caching;

public sealed class CacheTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public CacheTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_response_is_reused_until_the_token_expires_and_no_longer()
    {
        await using TestApi api = await StartAsync(cache => cache.RefreshAfter = TimeSpan.Zero);

        await AssertIsReusedUntilExpiryAsync(api);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_cached_token_that_expires_is_rejected_even_when_the_server_still_reports_it_active()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Lifetime = TimeSpan.FromDays(1);
            it.Members["exp"] = (ManualTimeProvider.Start + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds();
        });
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromMinutes(1));

        using HttpResponseMessage response = await api.GetAsync("/read", token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("The access token has expired.", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Using_an_entry_does_not_extend_its_lifetime()
    {
        await using TestApi api = await StartAsync(cache =>
        {
            cache.MaximumAge = TimeSpan.FromMinutes(10);
            cache.RefreshAfter = TimeSpan.Zero;
        });
        string token = _server.IssueToken("read");

        for (int minute = 0; minute < 60; minute++)
        {
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_server.CallCount, 6, 7);
    }

    [Fact]
    public async Task MaximumAge_limits_how_long_a_revoked_token_still_works()
    {
        await using TestApi api = await StartAsync(cache => cache.MaximumAge = TimeSpan.FromMinutes(1));
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        _time.Advance(TimeSpan.FromSeconds(53));
        await api.AssertStatusAsync(token, HttpStatusCode.OK); // jitter shortens the age by at most a tenth

        _time.Advance(TimeSpan.FromSeconds(7));
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task MaximumAge_zero_introspects_on_every_request()
    {
        await using TestApi api = await StartAsync(cache => cache.MaximumAge = TimeSpan.Zero);
        string token = _server.IssueToken("read");

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task MaximumAge_limits_inactive_responses_too()
    {
        await using TestApi api = await StartAsync(cache => cache.MaximumAge = TimeSpan.Zero);

        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task An_exp_in_milliseconds_does_not_keep_a_revoked_token_alive()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["exp"] = (ManualTimeProvider.Start + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
        });
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        _time.Advance(TimeSpan.FromMinutes(5));

        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task With_MaximumAge_zero_a_request_never_gets_a_response_that_was_requested_before_it_arrived()
    {
        await using TestApi api = await StartAsync(cache => cache.MaximumAge = TimeSpan.Zero);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage>[] requests = [api.GetAsync("/read", token), api.GetAsync("/read", token)];
        await held.WaitForCallsAsync(2);
        held.Release();

        foreach (HttpResponseMessage response in await Task.WhenAll(requests))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_response_without_exp_is_reused_for_DefaultAge()
    {
        await using TestApi api = await StartAsync();
        string token = IssueToken(lifetime: null);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromMinutes(4.4));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromMinutes(0.6));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("no-store", 3)]
    [InlineData("no-cache, private", 3)]
    [InlineData("max-age=0", 3)]
    [InlineData("max-age=60", 2)]
    [InlineData("max-age=86400", 1)]
    [InlineData("private", 1)]
    public async Task With_HonorCacheControl_the_servers_Cache_Control_shortens_reuse(string cacheControl, int calls)
    {
        await using TestApi api = await StartAsync(cache => cache.HonorCacheControl = true);
        RespondWithCacheControl(cacheControl);
        string token = _server.IssueToken("read");

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(60));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task Max_age_never_extends_the_lifetime_of_a_token()
    {
        await using TestApi api = await StartAsync(cache => cache.HonorCacheControl = true);
        RespondWithCacheControl("max-age=86400");
        string token = IssueToken(lifetime: TimeSpan.FromMinutes(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task No_store_is_logged_once_when_Cache_Control_is_honored()
    {
        await using TestApi api = await StartAsync(cache => cache.HonorCacheControl = true);
        RespondWithCacheControl("no-store");

        await api.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await api.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "CachingForbidden");
    }

    [Fact]
    public async Task No_store_on_an_inactive_response_is_not_logged_because_inactive_responses_are_still_cached()
    {
        await using TestApi api = await StartAsync(cache => cache.HonorCacheControl = true);
        RespondWithCacheControl("no-store");

        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CachingForbidden");
        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("max-age=60")]
    public async Task By_default_Cache_Control_shortens_nothing_and_a_response_is_reused_until_exp(string cacheControl)
    {
        await using TestApi api = await StartAsync(cache => cache.RefreshAfter = TimeSpan.Zero);
        RespondWithCacheControl(cacheControl);

        await AssertIsReusedUntilExpiryAsync(api);
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CachingForbidden");
    }

    [Fact]
    public async Task An_inactive_response_is_reused_for_InactiveAge()
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        _time.Advance(TimeSpan.FromSeconds(8.9));
        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        await api.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Invalid_tokens_never_evict_valid_ones()
    {
        await using TestApi api = await StartAsync(cache =>
        {
            cache.MaximumEntries = 2;
            cache.MaximumInactiveEntries = 10;
        });
        string good = _server.IssueToken("read");
        await api.AssertStatusAsync(good, HttpStatusCode.OK);

        for (int i = 0; i < 100; i++)
            await api.AssertStatusAsync($"garbage-{i}", HttpStatusCode.Unauthorized);

        await api.AssertStatusAsync(good, HttpStatusCode.OK);
        Assert.Single(_server.CallsFor(good));
    }

    [Fact]
    public async Task An_unavailable_server_leaves_no_cache_entry()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");
        _server.RespondWith(500, calls: 1);

        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_inactive_response_replaces_a_cached_active_one()
    {
        await using TestApi api = await StartAsync(cache =>
        {
            cache.MaximumAge = TimeSpan.FromMinutes(1);
            cache.InactiveAge = TimeSpan.Zero;
        });
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        _time.Advance(TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task Setting_the_clock_back_does_not_revive_an_entry_past_its_age()
    {
        await using TestApi api = await StartAsync(cache => cache.MaximumAge = TimeSpan.FromMinutes(1));
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.SetBack(TimeSpan.FromHours(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
    }

    /// <summary>A token that lasts an hour causes one call within the hour, and is rejected after it.</summary>
    private async Task AssertIsReusedUntilExpiryAsync(TestApi api)
    {
        string token = IssueToken(lifetime: TimeSpan.FromHours(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromSeconds(1));
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionCacheOptions>? configure = null) =>
        TestApi.StartAsync(_server, options => configure?.Invoke(options.Cache), _time);

    private string IssueToken(TimeSpan? lifetime) =>
        _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Lifetime = lifetime;
        });

    private void RespondWithCacheControl(string value) =>
        _server.RespondWith(context =>
        {
            context.Response.Headers.CacheControl = value;
            return _server.RespondNormallyAsync(context);
        });
}
