using System.Globalization;
using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>After 429 or 503 with <c>Retry-After</c> no calls are made until then.</summary>
public sealed class BackOffTests : BadDayTest
{
    private static readonly (HttpStatusCode, int) s_notAsked = (HttpStatusCode.ServiceUnavailable, 0);
    private static readonly (HttpStatusCode, int) s_asked = (HttpStatusCode.OK, 1);

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(429, "0", 1)]
    [InlineData(429, "86400", 300)]
    [InlineData(503, "99999999999", 300)]
    public async Task No_call_is_made_until_the_RetryAfter_has_passed(int status, string header, int seconds)
    {
        await using TestApi api = await StartAsync();
        Say(status, header);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));

        Assert.Equal(s_notAsked, await SendAsync(api));
        Assert.Equal(TimeSpan.FromSeconds(seconds), await AskForRetryAfterAsync(api));
        Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Equal(s_notAsked, await SendAsync(api));
        Assert.Equal(TimeSpan.FromSeconds(1), await AskForRetryAfterAsync(api));
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(s_asked, await SendAsync(api));
        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "BackingOff");
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        await using TestApi api = await StartAsync();
        Say(503, ManualTimeProvider.Start.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture));

        await SendAsync(api);

        Time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(s_notAsked, await SendAsync(api));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Theory]
    [InlineData(500, "60")]
    [InlineData(502, "60")]
    [InlineData(404, "60")]
    [InlineData(401, "60")]
    [InlineData(301, "60")]
    [InlineData(200, "60")]
    [InlineData(429, "soon")]
    [InlineData(429, "-1")]
    [InlineData(429, null)]
    public async Task Other_values_of_Retry_After_do_not_prevent_calls(int status, string? header)
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Retries = 0);
        Say(status, header);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task The_longer_of_two_Retry_After_values_applies()
    {
        await using TestApi api = await StartAsync();
        Say(429, "60");
        Say(429, "1");
        using (HeldResponses held = Server.HoldResponses())
        {
            Task<(HttpStatusCode, int)>[] requests = [SendAsync(api), SendAsync(api)];
            await held.WaitForCallsAsync(2);
            held.Release();
            await Task.WhenAll(requests);
        }

        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(s_notAsked, await SendAsync(api));
        Assert.Single(api.Log.Entries, entry => entry.Event.Name == "BackingOff");
    }

    [Fact]
    public async Task Retry_After_opens_no_circuit()
    {
        await using TestApi api = await StartAsync();
        for (int i = 0; i < 30; i++)
        {
            Say(503, "1");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task With_presented_token_429_affects_only_that_token()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken
        );
        Say(429, "60");

        Assert.Equal(TimeSpan.FromSeconds(60), await AskForRetryAfterAsync(api));

        Server.RespondWith(200, """{"active":true,"scope":"read"}""");
        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task With_presented_token_503_affects_all_tokens()
    {
        await using TestApi api = await StartAsync(options =>
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken
        );
        Say(503, "60");

        await SendAsync(api);

        Assert.Equal(s_notAsked, await SendAsync(api));
    }

    [Fact]
    public async Task Tokens_with_a_cache_entry_are_not_affected()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        await SendAsync(api, token);
        Say(429, "300");
        await SendAsync(api);

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, token));
    }

    [Fact]
    public async Task A_changed_configuration_starts_over()
    {
        TimeSpan pause = s_pause;
        await using TestApi api = await StartAsync(options => options.Resilience.BreakerPause = pause);
        Say(429, "300");
        await SendAsync(api);

        pause += TimeSpan.FromSeconds(1);
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();

        Assert.Equal(s_asked, await SendAsync(api));
    }

    [Fact]
    public async Task Setting_the_clock_back_does_not_extend_the_delay()
    {
        await using TestApi api = await StartAsync();
        Say(429, "60");
        await SendAsync(api);

        Time.SetBack(TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(s_asked, await SendAsync(api));
    }

    private void Say(int status, string? retryAfter) =>
        Server.RespondWith(status, headers: retryAfter is null ? null : [new("Retry-After", retryAfter)], calls: 1);
}
