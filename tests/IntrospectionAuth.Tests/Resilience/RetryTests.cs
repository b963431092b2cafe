using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Resilience;

public sealed class RetryTests : BadDayTest
{
    [Fact]
    public async Task A_connection_that_fails_once_is_repeated()
    {
        await using TestApi api = await StartAsync();
        Server.Disconnect(calls: 1);

        Assert.Equal((HttpStatusCode.OK, 2), await SendAsync(api));
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_response_is_repeated()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(
            async context =>
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{\"active\":");
                await context.Response.Body.FlushAsync();
                context.Abort();
            },
            calls: 1
        );

        Assert.Equal((HttpStatusCode.OK, 2), await SendAsync(api));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_gateway_that_fails_once_is_repeated(int status)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(status, calls: 1);

        Assert.Equal((HttpStatusCode.OK, 2), await SendAsync(api));
    }

    [Fact]
    public async Task A_call_is_retried_only_once()
    {
        await using TestApi api = await StartAsync();
        Server.Disconnect();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 2), await SendAsync(api));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(200)]
    public async Task Permanent_failures_are_not_retried(int status)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(status, "garbage");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
    }

    [Fact]
    public async Task A_call_is_not_repeated_after_RetryAfter()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(503, headers: [new("Retry-After", "1")]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api));
    }

    [Fact]
    public async Task A_timeout_is_not_retried()
    {
        await using TestApi api = await StartAsync();

        await RunIntoTimeoutAsync(api);

        Assert.Equal(1, Server.CallCount);
    }

    [Fact]
    public async Task All_attempts_together_take_at_most_Timeout()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(
            context =>
            {
                Time.Advance(TimeSpan.FromSeconds(3));
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            },
            calls: 1
        );
        Server.NeverRespond();

        Task<(HttpStatusCode, int)> request = SendAsync(api);
        await Server.WaitForCallsAsync(2);
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 2), await request);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Retries_sets_the_number_of_retries(int retries)
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Retries = retries);
        Server.RespondWith(502);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1 + retries), await SendAsync(api));
    }

    [Fact]
    public async Task Each_attempt_is_authenticated_again()
    {
        int credential = 0;
        int events = 0;
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new ValueTask<string>(
                $"credential-{++credential}"
            ));
            options.Events.OnIntrospecting = _ =>
            {
                events++;
                return Task.CompletedTask;
            };
        });
        Server.Disconnect();

        await SendAsync(api);

        Assert.Equal(["Bearer credential-1", "Bearer credential-2"], Server.Calls.Select(call => call.Headers.Authorization.ToString()));
        Assert.Equal(2, events);
    }

    [Fact]
    public async Task An_exception_of_an_event_handler_is_not_retried()
    {
        int events = 0;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = _ =>
            {
                events++;
                throw new HttpRequestException("the user's own");
            }
        );

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(api));

        Assert.Equal((1, 0), (events, Server.CallCount));
    }

    [Fact]
    public async Task All_requests_that_wait_for_the_same_token_share_the_attempts()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        Server.Disconnect(calls: 1);
        using HeldResponses held = Server.HoldResponses();

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 20).Select(_ => api.GetAsync("/read", token))];
        await held.WaitForCallsAsync(1);
        held.Release();

        Assert.All(await Task.WhenAll(requests), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(2, Server.CallCount);
    }
}
