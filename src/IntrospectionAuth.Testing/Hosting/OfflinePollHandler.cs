using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Http;

namespace IntrospectionAuth.Testing.Hosting;

/// <summary>
/// Returns no events to the polls (RFC 8936) of an application under test, unless the transmitter is on this machine.
/// An event that a test acknowledged would never reach the real application.
/// </summary>
internal sealed class OfflinePollHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Wraps a handler that uses the network. One that the test has set is its own.</summary>
    public static void Add(HttpMessageHandlerBuilder builder)
    {
        if (builder.PrimaryHandler is SocketsHttpHandler or HttpClientHandler)
            builder.PrimaryHandler = new OfflinePollHandler(builder.PrimaryHandler);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.RequestUri is { IsAbsoluteUri: true, IsLoopback: true }
            ? base.SendAsync(request, cancellationToken)
            : Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent("""{"sets":{}}""", MediaTypeHeaderValue.Parse("application/json")),
                    RequestMessage = request,
                }
            );
    }
}
