namespace IntrospectionAuth;

/// <summary>
/// Creates the handlers of an HTTP client when its first request needs them, and again if that fails: code of the application takes part,
/// which may read a file or a vault. The factory of the platform would keep the exception, and throw it for every later request.
/// </summary>
/// <param name="create">Creates the handlers, and finds out whether code of the application is part of the client.</param>
internal sealed class LateHandler(Func<(HttpMessageHandler Handler, bool HasApplicationCode)> create) : DelegatingHandler
{
    private readonly Lock _lock = new();
    private bool _hasApplicationCode;
    private volatile bool _isCreated;

    /// <summary>Whether a request may run code of the application, which may block its thread.</summary>
    public bool MayRunApplicationCode => !_isCreated || _hasApplicationCode;

    /// <returns>The handler of this kind among the handlers of a client; null when there is none.</returns>
    public static LateHandler? Find(HttpMessageHandler outermost)
    {
        HttpMessageHandler? handler = outermost;
        while (handler is DelegatingHandler and not LateHandler)
            handler = ((DelegatingHandler)handler).InnerHandler;
        return handler as LateHandler;
    }

    /// <summary>Creates the handlers unless they exist.</summary>
    public void Create()
    {
        if (_isCreated)
            return;

        lock (_lock)
        {
            if (_isCreated)
                return;

            (InnerHandler, _hasApplicationCode) = create();
            _isCreated = true;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Create();
        cancellationToken.ThrowIfCancellationRequested(); // It may have taken too long.
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Create();
        cancellationToken.ThrowIfCancellationRequested();
        return base.Send(request, cancellationToken);
    }
}
