using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>
/// Responses that say by <c>expires_in</c> how long the token lasts, and have no <c>exp</c>: it counts from when the server was asked.
/// </summary>
public sealed class ExpiresInTests : IAsyncDisposable
{
    private const string Expired = "Bearer error=\"invalid_token\", error_description=\"The access token has expired.\"";

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("60")]
    [InlineData("\"60\"")]
    public async Task A_cached_response_is_not_reused_after_expires_in(string value)
    {
        await using TestApi api = await StartAsync();
        Answer(value);
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        await AssertAcceptedAsync(api);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromTicks(1));
        await AssertAcceptedAsync(api); // the server is asked again, and grants another minute
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Without_exp_a_response_is_reused_for_DefaultAge_at_most_however_long_expires_in_is()
    {
        await using TestApi api = await StartAsync();
        Answer("86400");
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromMinutes(5));
        await AssertAcceptedAsync(api);

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("0.0")]
    public async Task A_token_with_no_time_left_has_expired_whatever_active_says(string value)
    {
        await using TestApi api = await StartAsync();
        Answer(value);

        using HttpResponseMessage first = await api.GetAsync("/me", "token");
        using HttpResponseMessage second = await api.GetAsync("/me", "token");

        Assert.Equal((Expired, Expired), (first.Headers.WwwAuthenticate.ToString(), second.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task The_time_that_the_response_took_is_a_part_of_it()
    {
        await using TestApi api = await StartAsync();
        _server.RespondWith(async context =>
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            await context.Response.WriteAsJsonAsync(new { active = true, expires_in = 4 });
        });

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(Expired, response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task The_clock_skew_is_granted_after_it_as_after_exp()
    {
        await using TestApi api = await StartAsync(options => options.ClockSkew = TimeSpan.FromSeconds(30));
        _server.RespondWith(async context =>
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            await context.Response.WriteAsJsonAsync(new { active = true, expires_in = 1 });
        });

        await AssertAcceptedAsync(api);
    }

    [Fact]
    public async Task No_stale_response_serves_after_it()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromDays(1);
        });
        Answer("60");
        await AssertAcceptedAsync(api);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromSeconds(59));
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await api.GetAsync("/me", "token");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_joins_a_call_is_not_accepted_by_a_response_that_has_expired_since_but_asks_again()
    {
        await using TestApi api = await StartAsync();
        Answer("3");
        using HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> first = api.GetAsync("/me", "token");
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage> second = api.GetAsync("/me", "token");

        _time.Advance(TimeSpan.FromSeconds(3));
        held.Release();

        Assert.Equal(Expired, (await first).Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task MaximumAge_shortens_it_further()
    {
        await using TestApi api = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromSeconds(10));
        Answer("60");
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(10));
        await AssertAcceptedAsync(api);

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"never\"")]
    [InlineData("null,\"exp\":\"never\"")]
    public async Task What_cannot_be_read_is_no_answer_and_nothing_is_cached(string value)
    {
        await using TestApi api = await StartAsync();
        Answer(value);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");
        Answer("60");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertAcceptedAsync(api);
    }

    private void Answer(string expiresIn) => _server.RespondWith(200, $$"""{"active":true,"expires_in":{{expiresIn}}}""");

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            options =>
            {
                options.Resilience.Enabled = false;
                configure?.Invoke(options);
            },
            _time
        );

    private static async Task AssertAcceptedAsync(TestApi api)
    {
        using HttpResponseMessage response = await api.GetAsync("/me", "token");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
