using Grpc.Core;
using IntrospectionAuth.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>A token that expires or is revoked while a stream is open.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_stays_open_after_its_token_has_expired_and_the_next_call_is_Unauthenticated()
    {
        var clock = new FakeTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = clock);
        await using EchoApi api = await EchoApi.StartAsync(server, clock: clock);
        string token = server.IssueToken("read");
        using AsyncDuplexStreamingCall<string, string> stream = Open(api, token);
        Assert.Equal("before", await SendAsync(stream, "before"));

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal("after", await SendAsync(stream, "after"));
        var failure = await Assert.ThrowsAsync<RpcException>(() => api.CallAsync(MethodType.Unary, token));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_checks_its_token_at_each_message_ends_with_Unauthenticated()
    {
        var clock = new FakeTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = clock);
        await using EchoApi api = await EchoApi.StartAsync(server, clock: clock);
        using AsyncDuplexStreamingCall<string, string> stream = Open(api, server.IssueToken("read"));
        Assert.Equal("checked", await SendAsync(stream, "checked"));

        clock.Advance(TimeSpan.FromHours(2));

        var failure = await Assert.ThrowsAsync<RpcException>(() => SendAsync(stream, "after"));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
    }

    private static AsyncDuplexStreamingCall<string, string> Open(EchoApi api, string token) =>
        api.Client.AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, EchoApi.Options(token));

    private static async Task<string> SendAsync(AsyncDuplexStreamingCall<string, string> stream, string message)
    {
        await stream.RequestStream.WriteAsync(message);
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return stream.ResponseStream.Current;
    }
}
