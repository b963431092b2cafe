namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Makes a connection that the server cuts off look as it does on a socket.</summary>
internal sealed class InMemoryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw exception is ObjectDisposedException
                ? new HttpRequestException(HttpRequestError.ConnectionError, "The server is no longer there.", exception)
                : new HttpRequestException(
                    HttpRequestError.ResponseEnded,
                    "The server closed the connection without an answer.",
                    new HttpIOException(HttpRequestError.ResponseEnded, message: null, exception)
                );
        }
    }
}
