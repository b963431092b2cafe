using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

public sealed class StaleIfUnavailableTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public StaleIfUnavailableTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Past_MaximumAge_an_entry_serves_for_StaleIfUnavailable_while_the_server_is_unavailable()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.FromMinutes(10));
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromMinutes(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount); // the server is asked first

        _time.Advance(TimeSpan.FromMinutes(9) + TimeSpan.FromSeconds(50));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromSeconds(10));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task By_default_no_stale_entry_is_served()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.Zero);
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_stale_entry_is_never_served_past_exp()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.FromDays(1));
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Lifetime = TimeSpan.FromMinutes(5);
        });
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromSeconds(1));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_stale_entry_is_never_served_past_max_age_when_Cache_Control_is_honored()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.FromMinutes(10), honorCacheControl: true);
        string token = _server.IssueToken("read");
        RespondOnceWithMaxAge(30);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromSeconds(26));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromSeconds(4));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Max_age_does_not_limit_a_stale_entry_when_Cache_Control_is_not_honored()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.FromMinutes(10));
        string token = _server.IssueToken("read");
        RespondOnceWithMaxAge(30);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromMinutes(2));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount); // MaximumAge has passed, so the server is asked first

        _time.Advance(TimeSpan.FromMinutes(9));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_stale_entry_is_not_served_once_the_server_has_responded()
    {
        await using TestApi api = await StartAsync(stale: TimeSpan.FromMinutes(10));
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        _time.Advance(TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        _server.RespondWith(500);
        _time.Advance(TimeSpan.FromSeconds(30));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable); // an inactive entry is never served as stale
    }

    [Fact]
    public async Task An_endpoint_that_requires_a_fresh_token_gets_no_stale_entry()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
                            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(10);
                        }),
                Endpoints = app => app.MapGet("/pay", () => "paid").RequireFreshToken(TimeSpan.FromHours(1)),
                Time = _time,
            }
        );
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromMinutes(1));

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync("/pay", token, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task With_MaximumAge_zero_the_server_is_called_first_and_the_entry_serves_only_when_it_fails()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                options.Cache.MaximumAge = TimeSpan.Zero;
                options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(1);
            },
            _time
        );
        string token = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);

        _server.RespondWith(500);
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromMinutes(1));
        await api.AssertStatusAsync(token, HttpStatusCode.ServiceUnavailable);
    }

    private void RespondOnceWithMaxAge(int seconds) =>
        _server.RespondWith(
            async context =>
            {
                context.Response.Headers.CacheControl = $"max-age={seconds}";
                await _server.RespondNormallyAsync(context);
            },
            calls: 1
        );

    private Task<TestApi> StartAsync(TimeSpan stale, bool honorCacheControl = false) =>
        TestApi.StartAsync(
            _server,
            options =>
            {
                options.Cache.HonorCacheControl = honorCacheControl;
                options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
                options.Cache.StaleIfUnavailable = stale;
            },
            _time
        );
}
