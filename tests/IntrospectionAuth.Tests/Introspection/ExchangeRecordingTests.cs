using System.Net;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>What the log of decisions keeps of the exchanges with the introspection endpoint.</summary>
public sealed class ExchangeRecordingTests : BadDayTest
{
    private const int LongestBody = 16 * 1024;

    [Theory]
    [InlineData(LongestBody, false)]
    [InlineData(LongestBody + 1, true)]
    public async Task A_body_of_more_than_16_KiB_is_marked_as_cut_and_shown_as_text(int length, bool isCut)
    {
        await using TestApi api = await StartAsync();
        LogOf(api).IsEnabled = true;
        Server.RespondWith(200, """{"active":true,"scope":"read"}""".PadRight(length));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api)).Status);

        Exchange exchange = FindExchange(api);
        Assert.Equal(isCut, exchange.IsTruncated);
        Assert.StartsWith(
            isCut ? """{"active":true,"scope":"read"}  """ : "{\n  \"active\": true,",
            exchange.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_call_that_began_while_the_log_was_off_is_not_recorded()
    {
        await using TestApi api = await StartAsync();
        using HeldResponses held = Server.HoldResponses();
        Task<(HttpStatusCode Status, int)> request = SendAsync(api);
        await held.WaitForCallsAsync(1);

        LogOf(api).IsEnabled = true;
        held.Release();

        Assert.Equal(HttpStatusCode.OK, (await request).Status);
        Assert.Empty(Assert.Single(LogOf(api).Newest()).Exchanges);
    }

    [Fact]
    public async Task A_request_that_the_application_left_without_a_URL_is_an_exchange_without_a_response()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = static context =>
            {
                context.Request.RequestUri = null;
                return Task.CompletedTask;
            }
        );
        LogOf(api).IsEnabled = true;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));

        Exchange exchange = FindExchange(api);
        Assert.Equal(("", "unavailable"), (exchange.Url, exchange.Outcome));
        Assert.Equal((null, null, false), (exchange.StatusCode, exchange.Body, exchange.IsTruncated));
    }

    private static Exchange FindExchange(TestApi api) => Assert.Single(Assert.Single(LogOf(api).Newest()).Exchanges);

    private static DecisionLog LogOf(TestApi api) => api.Services.GetRequiredService<DecisionLog>();
}
