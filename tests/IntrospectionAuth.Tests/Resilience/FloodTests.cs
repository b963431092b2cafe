using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>An attacker chooses tokens, as many and as odd as the syntax allows.</summary>
public sealed class FloodTests : BadDayTest
{
    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(431)]
    [InlineData(200)]
    public async Task Tokens_that_provoke_error_responses_block_no_others_and_do_not_fill_the_log(int status)
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(context =>
        {
            context.Response.StatusCode = status;
            return Server.Calls[^1].Token!.StartsWith("odd", StringComparison.Ordinal)
                ? Task.CompletedTask
                : Server.RespondNormallyAsync(context);
        });

        for (int i = 0; i < 200; i++)
        {
            string odd = (i % 3) switch
            {
                0 => $"odd{i}",
                1 => "odd" + new string('a', 10_000 + i),
                _ => $"odd.eyJhbGciOiJub25lIn0.{i}",
            };
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, odd));
            if (i % 50 == 0)
                Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
        }

        Assert.InRange(api.Log.Entries.Count(entry => entry.Level >= LogLevel.Warning), 1, 2);
    }

    [Fact]
    public async Task A_server_that_fails_for_all_tokens_does_not_fill_the_log()
    {
        await using TestApi api = await StartAsync();
        Server.Disconnect();

        await AskTimesAsync(api, 1000, HttpStatusCode.ServiceUnavailable);

        Assert.InRange(api.Log.Entries.Count(entry => entry.Level >= LogLevel.Warning), 1, 11);
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Two_thousand_invalid_tokens_do_not_affect_tokens_in_use()
    {
        await using TestApi api = await StartAsync();
        string good = Server.IssueToken("read");
        await SendAsync(api, good);
        using HeldResponses held = Server.HoldResponses();

        Task<HttpResponseMessage>[] flood = [.. Enumerable.Range(0, 2000).Select(i => api.GetAsync("/read", $"invalid-{i}"))];
        await held.WaitForCallsAsync(64);

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, good));
        Assert.Equal(65, Server.CallCount);
        held.Release();
        Assert.All(await Task.WhenAll(flood), response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
    }
}
