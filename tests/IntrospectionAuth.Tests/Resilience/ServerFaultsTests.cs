using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>For every failure of the server: no caller is accepted, cached responses are used, nothing is thrown.</summary>
public sealed class ServerFaultsTests : BadDayTest
{
    /// <summary>Gets the ways in which a server can fail.</summary>
    public static TheoryData<string> Troubles => ["circuit", "alone", "crowd", "hang"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task It_fails_closed_and_cached_responses_are_still_used(string trouble)
    {
        await using TestApi api = await StartAsync(OnePlace);
        string kept = Server.IssueToken("read");
        string inactive = "inactive";
        await SendAsync(api, kept);
        await SendAsync(api, inactive);
        await using IAsyncDisposable lasting = await GetIntoAsync(trouble, api);

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, kept));
        Assert.Equal((HttpStatusCode.Unauthorized, 0), await SendAsync(api, inactive));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api, "unknown"));
    }

    [Theory]
    [InlineData("circuit")]
    [InlineData("alone")]
    public async Task With_StaleIfUnavailable_a_stale_response_is_used_at_once(string trouble)
    {
        await using TestApi api = await StartAsync(options =>
        {
            OnePlace(options);
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(10);
        });
        string kept = Server.IssueToken("read");
        await SendAsync(api, kept);
        Time.Advance(TimeSpan.FromSeconds(11));
        await using IAsyncDisposable lasting = await GetIntoAsync(trouble, api);

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, kept));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
    }

    private static void OnePlace(OAuthIntrospectionOptions options)
    {
        options.Resilience.MaximumConcurrentCalls = 1;
        options.Resilience.MaximumWait = TimeSpan.Zero;
    }

    private async Task<IAsyncDisposable> GetIntoAsync(string trouble, TestApi api)
    {
        switch (trouble)
        {
            case "circuit":
                await OpenCircuitAsync(api);
                break;
            case "hang":
                await RunIntoTimeoutAsync(api);
                break;
            case "alone":
                Server.RespondWith(503, headers: [new("Retry-After", "60")], calls: 1);
                await SendAsync(api);
                break;
            default:
                HeldResponses held = Server.HoldResponses();
                Task<HttpResponseMessage> request = api.GetAsync("/read", Server.IssueToken("read"));
                await held.WaitForCallsAsync(1);
                return new Crowd(held, request);
        }

        return new Crowd(null, null);
    }

    private sealed class Crowd(HeldResponses? held, Task<HttpResponseMessage>? request) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            held?.Release();
            if (request is not null)
                (await request).Dispose();
        }
    }
}
