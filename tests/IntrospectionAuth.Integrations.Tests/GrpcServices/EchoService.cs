using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>Returns what it receives. A stream whose caller sends "checked" first checks the token again at each message.</summary>
[Authorize(Policy = "scope:read")]
public sealed class EchoService(OAuthIntrospector introspector) : EchoContract
{
    public override Task<string> Unary(string request, ServerCallContext context) => Task.FromResult(request);

    public override Task ServerStream(string request, IServerStreamWriter<string> responses, ServerCallContext context) =>
        responses.WriteAsync(request, context.CancellationToken);

    public override async Task<string> ClientStream(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        string last = "";
        await foreach (string request in requests.ReadAllAsync(context.CancellationToken))
            last = request;
        return last;
    }

    public override async Task Duplex(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        bool isChecked = false;
        await foreach (string request in requests.ReadAllAsync(context.CancellationToken))
        {
            isChecked |= request == "checked";
            if (isChecked)
                await CheckTokenAsync(context);
            await responses.WriteAsync(request, context.CancellationToken);
        }
    }

    private async Task CheckTokenAsync(ServerCallContext context)
    {
        string token = context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..];
        OAuthIntrospectionResult result = await introspector.IntrospectAsync(token, cancellationToken: context.CancellationToken);
        if (result.Failure == OAuthIntrospectionFailure.Unavailable)
            throw new RpcException(new Status(StatusCode.Unavailable, "The token could not be checked."));
        if (!result.Succeeded)
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is no longer accepted."));
    }
}
