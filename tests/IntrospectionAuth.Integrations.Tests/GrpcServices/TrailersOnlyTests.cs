using Grpc.Core;
using Grpc.Net.Client;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>A refusal has no gRPC status. An application may add one: its headers are then the trailers of the call.</summary>
public sealed class TrailersOnlyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_gRPC_status_the_client_derives_it_from_the_HTTP_status(bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb);

        RpcException failure = await FailAsync(api, "unknown");

        Assert.Equal("Bad gRPC response. HTTP status code: 401", failure.Status.Detail);
        Assert.Empty(failure.Trailers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_a_gRPC_status_the_client_shows_its_message_and_the_other_headers_as_trailers(bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb, scheme: AddStatus);

        RpcException failure = await FailAsync(api, server.IssueToken("read"));

        Assert.Equal(new Status(StatusCode.Unavailable, "Try again later."), failure.Status);
        Assert.Equal("30", failure.Trailers.GetValue("retry-after"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_malformed_token_can_be_Unauthenticated_while_its_HTTP_status_is_400(bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb, scheme: AddStatus);

        RpcException failure = await FailAsync(api, "a b");

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Contains("invalid_request", failure.Trailers.GetValue("www-authenticate"), StringComparison.Ordinal);
    }

    // As in docs/integrations.md.
    private static void AddStatus(OAuthIntrospectionOptions options) =>
        options.Events.OnChallenge = context =>
        {
            context.Response.Headers.GrpcStatus = context.StatusCode == 503 ? "14" : "16"; // UNAVAILABLE, UNAUTHENTICATED
            context.Response.Headers.GrpcMessage = context.StatusCode == 503 ? "Try again later." : context.ErrorDescription;
            return Task.CompletedTask;
        };

    private static Task<RpcException> FailAsync(EchoApi api, string? token) =>
        Assert.ThrowsAsync<RpcException>(() => api.CallAsync(MethodType.Unary, token));
}
