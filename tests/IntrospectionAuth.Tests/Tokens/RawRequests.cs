using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Sends requests that <see cref="HttpClient"/> would not: any characters in a header, and repeated headers.</summary>
internal static class RawRequests
{
    public static Task<HttpContext> SendRawAsync(this TestApi api, string path, StringValues authorization) =>
        ((TestServer)api.Services.GetRequiredService<IServer>()).SendAsync(context =>
        {
            context.Request.Method = HttpMethods.Get;
            context.Request.Path = path;
            context.Request.Headers.Authorization = authorization;
        });
}
