namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Throws the same exception as a socket when the server aborts the connection.</summary>
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
                    "The server closed the connection without a response.",
                    new HttpIOException(HttpRequestError.ResponseEnded, message: null, exception)
                );
        }
    }
}
