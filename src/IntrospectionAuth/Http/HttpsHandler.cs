namespace IntrospectionAuth.Http;

/// <summary>
/// Rejects requests over plain http where https is required. The URLs of valid options are checked at startup; this also covers options
/// that are not validated, and event handlers and HTTP handlers that change a request.
/// </summary>
/// <param name="isRequired">Whether a request needs https.</param>
internal sealed class HttpsHandler(Predicate<HttpRequestMessage> isRequired) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.Send(request, cancellationToken);
    }

    private void Check(HttpRequestMessage request)
    {
        if (request.RequestUri is { } url && ServerUrl.IsExposed(url) && isRequired(request))
            throw new InvalidOperationException($"{url.Host} would be called over plain http, which RequireHttps forbids.");
    }
}
