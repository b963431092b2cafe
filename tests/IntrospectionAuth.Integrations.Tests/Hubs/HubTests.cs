using System.Net;
using IntrospectionAuth.Integrations.Tests.Hosting;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Integrations.Tests.Hubs;

/// <summary>Hubs and hub methods that require scopes, with SignalR's own client.</summary>
public sealed class HubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_hub_and_a_hub_method_require_their_scopes(HttpTransportType transport)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using KestrelHost host = await HubApi.StartAsync(server);
        await using HubConnection reader = HubApi.ConnectByHeader(host, HubApi.HeaderOnly, transport, server.IssueToken("read"));
        await using HubConnection writer = HubApi.ConnectByHeader(host, HubApi.HeaderOnly, transport, server.IssueToken("read", "write"));
        await reader.StartAsync(Cancellation);
        await writer.StartAsync(Cancellation);

        Assert.Equal("read", await reader.InvokeAsync<string>("Read", Cancellation));
        Assert.Equal("written", await writer.InvokeAsync<string>("Write", Cancellation));
        var refusal = await Assert.ThrowsAsync<HubException>(() => reader.InvokeAsync<string>("Write", Cancellation));
        Assert.Contains("user is unauthorized", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_token_in_the_query_opens_only_the_hubs_of_the_named_paths(HttpTransportType transport)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using KestrelHost host = await HubApi.StartAsync(server);
        await using HubConnection named = HubApi.ConnectByQuery(host, HubApi.Open, transport, server.IssueToken("read"));
        await using HubConnection other = HubApi.ConnectByQuery(host, HubApi.HeaderOnly, transport, server.IssueToken("read"));

        await named.StartAsync(Cancellation);

        Assert.Equal("read", await named.InvokeAsync<string>("Read", Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(other));
    }

    [Fact]
    public async Task The_client_sees_401_403_and_503_when_it_connects()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using KestrelHost host = await HubApi.StartAsync(server);
        const HttpTransportType transport = HttpTransportType.WebSockets;
        await using HubConnection withoutToken = HubApi.ConnectByHeader(host, HubApi.Open, transport, null);
        await using HubConnection withoutScope = HubApi.ConnectByHeader(host, HubApi.Open, transport, server.IssueToken("write"));
        await using HubConnection unavailable = HubApi.ConnectByHeader(host, HubApi.Open, transport, server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(withoutToken));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusalAsync(withoutScope));
        server.RespondWith(503);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusalAsync(unavailable));
    }

    // SignalR compares the expiration with the system's clock. The fake clock is in the past, so the token has expired for SignalR alone.
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Only_CloseOnAuthenticationExpiration_closes_a_connection_whose_token_expires(HttpTransportType transport)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = clock);
        await using KestrelHost host = await HubApi.StartAsync(server, clock);
        string token = server.IssueToken("read");
        await using HubConnection open = HubApi.ConnectByHeader(host, HubApi.Open, transport, token);
        await using HubConnection closing = HubApi.ConnectByHeader(host, HubApi.Closing, transport, token);
        var closed = new TaskCompletionSource();
        closing.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };
        await open.StartAsync(Cancellation);
        await closing.StartAsync(Cancellation);

        await closed.Task.WaitAsync(Cancellation);

        Assert.Equal("read", await open.InvokeAsync<string>("Read", Cancellation));
    }

    private static async Task<HttpStatusCode?> RefusalAsync(HubConnection connection) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => connection.StartAsync(Cancellation))).StatusCode;
}
