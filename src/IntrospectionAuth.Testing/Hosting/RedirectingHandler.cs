namespace IntrospectionAuth.Testing.Hosting;

/// <summary>
/// Sends every request to the server that listens, whatever its URL says: what an application is configured with reaches nobody else.
/// </summary>
internal sealed class RedirectingHandler(HttpMessageHandler inner, Uri server) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is { IsAbsoluteUri: true } url)
        {
            request.RequestUri = new UriBuilder(url)
            {
                Scheme = server.Scheme,
                Host = server.Host,
                Port = server.Port,
            }.Uri;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
