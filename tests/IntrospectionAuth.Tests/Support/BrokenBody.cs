using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Support;

/// <summary>The body of a request that cannot be read: its sender went away, or the server refuses the rest.</summary>
internal sealed class BrokenBody(Exception exception) : MemoryStream
{
    public static Task<HttpContext> PostAsync(TestApi api, string path, Exception exception, Action<HttpRequest> configure) =>
        ((TestServer)api.Services.GetRequiredService<IServer>()).SendAsync(context =>
        {
            context.Request.Method = HttpMethods.Post;
            context.Request.Path = path;
            context.Request.Body = new BrokenBody(exception);
            configure(context.Request);
        });

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw exception;
}
