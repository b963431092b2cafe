namespace IntrospectionAuth.Testing.Hosting;

/// <summary>
/// Sends every request to the listening server, regardless of its URL, so that configured credentials reach no other server.
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
