namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>Keeps the media type of the last HTTP response, which a gRPC client does not show.</summary>
internal sealed class ContentTypeHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    public string? ContentType { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        ContentType = response.Content.Headers.ContentType?.MediaType;
        return response;
    }
}
