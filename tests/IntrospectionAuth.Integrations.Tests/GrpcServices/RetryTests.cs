using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using IntrospectionAuth.Testing;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>What the retry policy of a gRPC client makes of a refusal.</summary>
public sealed class RetryTests
{
    private static readonly KeyValuePair<string, string>[] s_retryAfter = [new("Retry-After", "30")];

    [Fact]
    public async Task A_retry_policy_of_the_client_repeats_a_call_that_was_Unavailable()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(500, calls: 1);
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Retry(attempts, TimeSpan.FromMilliseconds(1)));

        Assert.Equal("hello", await api.CallAsync(MethodType.Unary, server.IssueToken("read")));
        Assert.Equal((2, 2), (attempts.Count, server.CallCount));
    }

    [Fact]
    public async Task A_retry_policy_ignores_Retry_After_and_its_attempts_make_no_further_calls_to_the_authorization_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: s_retryAfter);
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Retry(attempts, TimeSpan.FromMilliseconds(1)));

        RpcException failure = await FailAsync(api, server.IssueToken("read"));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal((4, 1), (attempts.Count, server.CallCount));
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated)]
    [InlineData("unknown", StatusCode.Unauthenticated)]
    [InlineData("a b", StatusCode.Internal)]
    public async Task A_token_that_is_not_accepted_is_not_retried(string? token, StatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Retry(attempts, TimeSpan.FromMilliseconds(1)));

        RpcException failure = await FailAsync(api, token);

        Assert.Equal((expected, 1), (failure.StatusCode, attempts.Count));
    }

    [Fact]
    public async Task A_missing_scope_is_not_retried()
    {
        await using var server = FakeAuthorizationServer.Create();
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(server, options: Retry(attempts, TimeSpan.FromMilliseconds(1)));

        RpcException failure = await FailAsync(api, server.IssueToken("write"));

        Assert.Equal((StatusCode.PermissionDenied, 1), (failure.StatusCode, attempts.Count));
    }

    [Theory]
    [InlineData(true, 30_000)]
    [InlineData(false, 1)]
    public async Task A_client_waits_as_long_as_OnChallenge_says_and_otherwise_as_its_policy_says(bool isSet, int milliseconds)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: s_retryAfter);
        using var attempts = new Attempts();
        using var log = new RetryDelayLog();
        using ILoggerFactory logs = LoggerFactory.Create(it => it.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        GrpcChannelOptions options = Retry(attempts, TimeSpan.FromMilliseconds(1));
        options.LoggerFactory = logs;
        await using EchoApi api = await EchoApi.StartAsync(server, options: options, scheme: isSet ? SetPushback : null);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        CallOptions call = EchoApi.Options(server.IssueToken("read")).WithCancellationToken(cancellation.Token);

        Task<string> response = api.Client.AsyncUnaryCall(EchoContract.UnaryMethod, null, call, "hello").ResponseAsync;
        TimeSpan delay = await log.Delay;
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<RpcException>(() => response);
        Assert.InRange(delay.TotalMilliseconds, isSet ? milliseconds : 0, isSet ? milliseconds : 2 * milliseconds);
    }

    [Fact]
    public async Task A_call_whose_deadline_is_before_the_end_of_the_wait_is_DeadlineExceeded_without_another_attempt()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: s_retryAfter);
        using var attempts = new Attempts();
        await using EchoApi api = await EchoApi.StartAsync(
            server,
            options: Retry(attempts, TimeSpan.FromMilliseconds(1)),
            scheme: SetPushback
        );
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1); // the client has no other clock
        CallOptions call = EchoApi.Options(server.IssueToken("read")).WithDeadline(deadline);

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            api.Client.AsyncUnaryCall(EchoContract.UnaryMethod, null, call, "hello").ResponseAsync
        );

        Assert.Equal((StatusCode.DeadlineExceeded, 1), (failure.StatusCode, attempts.Count));
    }

    // As in docs/integrations.md.
    private static void SetPushback(OAuthIntrospectionOptions options) =>
        options.Events.OnChallenge = context =>
        {
            if (context is { StatusCode: 503, RetryAfter: { } wait })
                context.Response.Headers["grpc-retry-pushback-ms"] = wait.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        };

    private static Task<RpcException> FailAsync(EchoApi api, string? token) =>
        Assert.ThrowsAsync<RpcException>(() => api.CallAsync(MethodType.Unary, token));

    /// <summary>Four attempts of a call that is Unavailable.</summary>
    private static GrpcChannelOptions Retry(Attempts attempts, TimeSpan backoff) =>
        attempts.CreateOptions(
            new MethodConfig
            {
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = 4,
                    InitialBackoff = backoff,
                    MaxBackoff = backoff,
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            }
        );
}
