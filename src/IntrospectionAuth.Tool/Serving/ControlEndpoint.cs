using System.Net;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>Issues and revokes tokens for callers that have the key: <c>token</c> and <c>revoke</c> of the same user.</summary>
/// <remarks>
/// A web page in a browser on this machine can send requests to a loopback port. It cannot read the key, and it cannot send the header
/// without a preflight request, which is refused. The host of the request must be this machine, in case another name resolves to it.
/// </remarks>
internal sealed class ControlEndpoint(string key, Func<FakeAuthorizationServer> getServer)
{
    public const string Tokens = "/dotnet-introspection/tokens",
        Revocations = "/dotnet-introspection/revocations",
        KeyHeader = "Introspection-Key",
        MarkerHeader = "Introspection-Serve";

    private static readonly PathString s_root = new("/dotnet-introspection");

    public static bool Serves(HttpRequest request) => request.Path.StartsWithSegments(s_root, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (!IsAllowed(request))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        response.Headers[MarkerHeader] = "1"; // no other program at the port sends it
        IFormCollection form = await request.ReadFormAsync(context.RequestAborted);
        if (request.Path == Tokens)
        {
            response.ContentType = "text/plain";
            await response.WriteAsync(getServer().IssueToken(TokenRequest.Read(form).Apply), context.RequestAborted);
        }
        else
        {
            bool isRevoked = request.Path == Revocations && form["token"].FirstOrDefault() is { } token && getServer().Revoke(token);
            response.StatusCode = isRevoked ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        }
    }

    private bool IsAllowed(HttpRequest request) =>
        IsThisMachine(new HostString(request.Headers.Host.ToString()).Host) // Request.Host decodes the header and may throw
        && request.Headers[KeyHeader] is [{ } presented]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), Encoding.UTF8.GetBytes(key));

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
