using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>
/// Responses with <c>expires_in</c> and without <c>exp</c>. The lifetime counts from when the server was asked.
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
        RespondWith(value);
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        await AssertAcceptedAsync(api);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromTicks(1));
        await AssertAcceptedAsync(api); // the server is asked again and grants another minute
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Without_exp_a_response_is_reused_for_at_most_DefaultAge_regardless_of_expires_in()
    {
        await using TestApi api = await StartAsync();
        RespondWith("86400");
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromMinutes(5));
        await AssertAcceptedAsync(api);

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("0.0")]
    public async Task A_token_with_no_time_left_has_expired_even_when_it_is_reported_active(string value)
    {
        await using TestApi api = await StartAsync();
        RespondWith(value);

        using HttpResponseMessage first = await api.GetAsync("/me", "token");
        using HttpResponseMessage second = await api.GetAsync("/me", "token");

        Assert.Equal((Expired, Expired), (first.Headers.WwwAuthenticate.ToString(), second.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Expires_in_includes_the_time_that_the_response_took()
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
    public async Task Clock_skew_extends_expires_in_as_it_extends_exp()
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
    public async Task A_stale_response_is_not_served_after_expires_in()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromDays(1);
        });
        RespondWith("60");
        await AssertAcceptedAsync(api);
        _server.RespondWith(500);

        _time.Advance(TimeSpan.FromSeconds(59));
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await api.GetAsync("/me", "token");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_joined_a_call_introspects_again_when_the_response_has_expired()
    {
        await using TestApi api = await StartAsync();
        RespondWith("3");
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
    public async Task MaximumAge_shortens_expires_in_further()
    {
        await using TestApi api = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromSeconds(10));
        RespondWith("60");
        await AssertAcceptedAsync(api);

        _time.Advance(TimeSpan.FromSeconds(10));
        await AssertAcceptedAsync(api);

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"never\"")]
    [InlineData("null,\"exp\":\"never\"")]
    public async Task An_unreadable_lifetime_is_an_invalid_response_and_is_not_cached(string value)
    {
        await using TestApi api = await StartAsync();
        RespondWith(value);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");
        RespondWith("60");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertAcceptedAsync(api);
    }

    private void RespondWith(string expiresIn) => _server.RespondWith(200, $$"""{"active":true,"expires_in":{{expiresIn}}}""");

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
