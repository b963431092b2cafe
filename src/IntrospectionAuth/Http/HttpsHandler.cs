namespace IntrospectionAuth.Http;

/// <summary>
/// Sends nothing over plain http that must not go there. Startup has judged the URLs already, but not those of options that nobody has
/// validated, nor what an event handler makes of a request.
/// </summary>
internal sealed class HttpsHandler(Func<OAuthIntrospectionOptions> options) : DelegatingHandler
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
        if (request.RequestUri is { } url && ServerUrl.IsExposed(url) && options().RequireHttps)
            throw new InvalidOperationException($"{url.Host} would be asked over plain http, which RequireHttps forbids.");
    }
}
