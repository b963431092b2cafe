namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Sends on connections that can be left for new ones: a certificate is shown when a connection is made, and not again.</summary>
/// <param name="first">The connections to begin with.</param>
/// <param name="makeOthers">Makes others; null when the application knows one handler only.</param>
internal sealed class RenewableHandler(ClientConnections first, Func<ClientConnections?> makeOthers) : HttpMessageHandler
{
    private ClientConnections _current = first;

    public ClientConnections Current => Volatile.Read(ref _current);

    /// <summary>Leaves these connections, if they are not left already. Calls under way end on them; after that they are idle, and close by themselves.</summary>
    public void Leave(ClientConnections connections)
    {
        if (Current == connections && makeOthers() is { } others)
            Interlocked.CompareExchange(ref _current, others, connections);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Current.Invoker.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Current.Invoker.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Current.Invoker.Dispose();
        base.Dispose(disposing);
    }
}
