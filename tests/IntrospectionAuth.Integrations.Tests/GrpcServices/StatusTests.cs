using Grpc.Core;
using Grpc.Net.Client;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>A refusal reaches a gRPC caller as the status that the gRPC specification gives to its HTTP status.</summary>
public sealed class StatusTests
{
    public static TheoryData<MethodType, bool> Calls =>
        new()
        {
            { MethodType.Unary, false },
            { MethodType.ServerStreaming, false },
            { MethodType.ClientStreaming, false },
            { MethodType.DuplexStreaming, false },
            { MethodType.Unary, true },
            { MethodType.ServerStreaming, true },
        };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_token_with_the_scope_is_accepted(MethodType kind, bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb);

        Assert.Equal("hello", await api.CallAsync(kind, server.IssueToken("read")));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task No_token_and_an_inactive_token_are_Unauthenticated(MethodType kind, bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb);

        Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(api, kind, null)).StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(api, kind, "unknown")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_token_without_the_scope_is_PermissionDenied(MethodType kind, bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb);

        RpcException failure = await FailAsync(api, kind, server.IssueToken("write"));

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_authorization_server_that_fails_is_Unavailable(MethodType kind, bool isWeb)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        await using EchoApi api = await EchoApi.StartAsync(server, isWeb);

        RpcException failure = await FailAsync(api, kind, server.IssueToken("read"));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task The_headers_of_a_refusal_are_the_headers_of_the_call()
    {
        await using var server = FakeAuthorizationServer.Create();
        using var responses = new ContentTypeHandler();
        await using EchoApi api = await EchoApi.StartAsync(server, options: new GrpcChannelOptions { HttpHandler = responses });

        Metadata challenge = await HeadersAsync(api, server.IssueToken("write"));
        server.RespondWith(503, headers: [new("Retry-After", "30")]);
        Metadata unavailable = await HeadersAsync(api, server.IssueToken("read"));

        Assert.Contains("insufficient_scope", challenge.GetValue("www-authenticate"), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", responses.ContentType);
        Assert.Equal("30", unavailable.GetValue("retry-after"));
    }

    [Fact]
    public async Task A_token_that_is_malformed_is_Internal_because_its_HTTP_status_is_400()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using EchoApi api = await EchoApi.StartAsync(server);

        Assert.Equal(StatusCode.Internal, (await FailAsync(api, MethodType.Unary, "a b")).StatusCode);
    }

    private static Task<RpcException> FailAsync(EchoApi api, MethodType kind, string? token) =>
        Assert.ThrowsAsync<RpcException>(() => api.CallAsync(kind, token));

    private static async Task<Metadata> HeadersAsync(EchoApi api, string token)
    {
        using var call = api.Client.AsyncUnaryCall(EchoContract.UnaryMethod, null, EchoApi.Options(token), "hello");
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        return await call.ResponseHeadersAsync;
    }
}
