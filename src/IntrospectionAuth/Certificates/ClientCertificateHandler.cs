namespace IntrospectionAuth.Certificates;

/// <summary>
/// Sends requests on connections that present the current client certificate. A connection presents its certificate once, so a new
/// certificate needs new connections.
/// </summary>
/// <param name="template">The application's handler. It is copied for each certificate.</param>
/// <param name="find">Finds the certificate; null when none is presented.</param>
internal sealed class ClientCertificateHandler(SocketsHttpHandler template, Func<CancellationToken, ValueTask<PresentedCertificate?>> find)
    : HttpMessageHandler
{
    private readonly HttpMessageInvoker _withoutCertificate = new(template);
    private readonly Lock _lock = new();
    private (PresentedCertificate Certificate, HttpMessageInvoker Invoker)? _current;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await FindInvoker(await find(cancellationToken)).SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        FindInvoker(find(cancellationToken).AsTask().GetAwaiter().GetResult()).Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _withoutCertificate.Dispose();
            _current?.Invoker.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <remarks>Connections with an earlier certificate finish their calls in flight, and close when they are idle.</remarks>
    private HttpMessageInvoker FindInvoker(PresentedCertificate? certificate)
    {
        if (certificate is null)
            return _withoutCertificate;

        lock (_lock)
        {
            if (_current is not { } current || current.Certificate != certificate)
                _current = current = (certificate, new HttpMessageInvoker(HandlerCopy.Create(template, certificate.Context)));
            return current.Invoker;
        }
    }
}
