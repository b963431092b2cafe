namespace IntrospectionAuth.Tests.Http;

/// <summary>Creates HTTP clients with this handler.</summary>
/// <param name="send">Responds to a request.</param>
/// <param name="hasApplicationCode">Whether the client has code of the application.</param>
internal sealed class FakeClients(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, bool hasApplicationCode = false)
    : IHttpClientFactory,
        IHttpMessageHandlerFactory
{
    private readonly TaskCompletionSource _disposed = new();

    public Action OnCreate { get; set; } = static () => { };

    /// <summary>Completes when a client has been disposed.</summary>
    public Task Disposed => _disposed.Task;

    public HttpClient CreateClient(string name)
    {
        OnCreate();
        return new HttpClient(new Handler(send, _disposed));
    }

    public HttpMessageHandler CreateHandler(string name)
    {
        var late = new LateHandler(() => (new Handler(send, _disposed), hasApplicationCode));
        late.Create();
        return late;
    }

    private sealed class Handler(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, TaskCompletionSource disposed)
        : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            send(request);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            disposed.TrySetResult();
        }
    }
}
