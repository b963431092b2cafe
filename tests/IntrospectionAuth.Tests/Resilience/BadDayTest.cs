using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>An authorization server that will be in trouble, and a clock that the test moves.</summary>
public abstract class BadDayTest : IAsyncDisposable
{
    private protected static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5); // the default of BreakerPause

    private protected BadDayTest() => Server = FakeAuthorizationServer.Create(options => options.TimeProvider = Time);

    private protected ManualTimeProvider Time { get; } = new();

    private protected FakeAuthorizationServer Server { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(Server, configure, Time);

    /// <returns>The status, and how often the server was asked for it.</returns>
    private protected async Task<(HttpStatusCode Status, int Calls)> SendAsync(TestApi api, string? token = null)
    {
        int before = Server.CallCount;
        using HttpResponseMessage response = await api.GetAsync("/read", token ?? Server.IssueToken("read"));
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.Empty(response.Headers.WwwAuthenticate);
        }

        return (response.StatusCode, Server.CallCount - before);
    }

    private protected async Task<TimeSpan?> AskForRetryAfterAsync(TestApi api)
    {
        using HttpResponseMessage response = await api.GetAsync("/read", Server.IssueToken("read"));
        return response.Headers.RetryAfter?.Delta;
    }

    private protected async Task AskTimesAsync(TestApi api, int times, HttpStatusCode expected)
    {
        for (int i = 0; i < times; i++)
            Assert.Equal(expected, (await SendAsync(api)).Status);
    }

    /// <summary>Has one request run into the timeout.</summary>
    private protected async Task RunIntoTimeoutAsync(TestApi api)
    {
        using HeldResponses held = Server.HoldResponses();
        Task<(HttpStatusCode Status, int)> request = SendAsync(api);
        await held.WaitForCallsAsync(1);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).Status);
        Server.ResetBehavior();
    }

    /// <summary>Opens the circuit breaker, and lets the server behave again.</summary>
    private protected async Task OpenCircuitAsync(TestApi api)
    {
        Server.RespondWith(500);
        await AskTimesAsync(api, 10, HttpStatusCode.ServiceUnavailable);
        Server.ResetBehavior();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
    }
}
