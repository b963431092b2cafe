using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>A gRPC client that sends the same call several times, by its hedging policy.</summary>
public sealed class HedgingTests
{
    [Fact]
    public async Task Attempts_that_are_sent_at_the_same_time_share_one_call_to_the_authorization_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        using HeldResponses held = server.HoldResponses();
        using var attempts = new Attempts(expected: 3);
        await using EchoApi api = await EchoApi.StartAsync(server, options: Hedge(attempts, TimeSpan.Zero));

        Task<string> call = api.CallAsync(MethodType.Unary, server.IssueToken("read"));
        await attempts.Reached;
        held.Release();

        Assert.Equal("hello", await call);
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task Attempts_in_an_outage_follow_each_other_without_the_delay_and_make_one_call_to_the_authorization_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Hedge(attempts, TimeSpan.FromHours(1)));

        var failure = await Assert.ThrowsAsync<RpcException>(() => api.CallAsync(MethodType.Unary, server.IssueToken("read")));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal((3, 1), (attempts.Count, server.CallCount));
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_ends_the_call_at_its_first_attempt()
    {
        await using var server = FakeAuthorizationServer.Create();
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Hedge(attempts, TimeSpan.FromHours(1)));

        var failure = await Assert.ThrowsAsync<RpcException>(() => api.CallAsync(MethodType.Unary, "unknown"));

        Assert.Equal((StatusCode.Unauthenticated, 1), (failure.StatusCode, attempts.Count));
    }

    private static GrpcChannelOptions Hedge(Attempts attempts, TimeSpan delay) =>
        attempts.CreateOptions(
            new MethodConfig
            {
                HedgingPolicy = new HedgingPolicy
                {
                    MaxAttempts = 3,
                    HedgingDelay = delay,
                    NonFatalStatusCodes = { StatusCode.Unavailable },
                },
            }
        );
}
