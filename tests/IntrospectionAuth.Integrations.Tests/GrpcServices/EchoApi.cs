using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using IntrospectionAuth.Integrations.Tests.Hosting;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>The service on a real HTTP/2 connection, or gRPC-Web on HTTP/1.1, and its client.</summary>
internal sealed class EchoApi(KestrelHost host, GrpcChannel channel) : IAsyncDisposable
{
    public CallInvoker Client { get; } = channel.CreateCallInvoker();

    public static async Task<EchoApi> StartAsync(
        FakeAuthorizationServer server,
        bool isWeb = false,
        TimeProvider? clock = null,
        GrpcChannelOptions? options = null,
        Action<OAuthIntrospectionOptions>? scheme = null
    )
    {
        KestrelHost host = await KestrelHost.StartAsync(
            server,
            builder =>
            {
                builder.Services.AddGrpc();
                builder.Services.AddSingleton(clock ?? TimeProvider.System);
                builder.Services.PostConfigure(OAuthIntrospectionDefaults.AuthenticationScheme, scheme ?? (_ => { }));
            },
            app =>
            {
                app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
                app.MapGrpcService<EchoService>();
            },
            isWeb ? HttpProtocols.Http1 : HttpProtocols.Http2
        );
        options ??= new GrpcChannelOptions();
        if (isWeb)
        {
            options.HttpVersion = HttpVersion.Version11;
            options.HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, new HttpClientHandler());
        }
        return new EchoApi(host, GrpcChannel.ForAddress(host.Address, options));
    }

    /// <summary>Sends "hello" by a call of the kind and returns the response.</summary>
    public async Task<string> CallAsync(MethodType kind, string? token)
    {
        CallOptions options = Options(token);
        switch (kind)
        {
            case MethodType.Unary:
                return await Client.AsyncUnaryCall(EchoContract.UnaryMethod, null, options, "hello");
            case MethodType.ServerStreaming:
                using (var call = Client.AsyncServerStreamingCall(EchoContract.ServerStreamMethod, null, options, "hello"))
                {
                    await call.ResponseStream.MoveNext(options.CancellationToken);
                    return call.ResponseStream.Current;
                }
            case MethodType.ClientStreaming:
                using (var call = Client.AsyncClientStreamingCall(EchoContract.ClientStreamMethod, null, options))
                {
                    // A refused call may end before the message is sent, or after. Its response says why in both cases.
                    await Record.ExceptionAsync(() => call.RequestStream.WriteAsync("hello"));
                    await Record.ExceptionAsync(call.RequestStream.CompleteAsync);
                    return await call.ResponseAsync;
                }
            default:
                using (var call = Client.AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, options))
                {
                    await Record.ExceptionAsync(() => call.RequestStream.WriteAsync("hello"));
                    await call.ResponseStream.MoveNext(options.CancellationToken);
                    return call.ResponseStream.Current;
                }
        }
    }

    public static CallOptions Options(string? token) =>
        new(
            token is null ? [] : new Metadata { { "authorization", "Bearer " + token } },
            cancellationToken: TestContext.Current.CancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await host.DisposeAsync();
    }
}
