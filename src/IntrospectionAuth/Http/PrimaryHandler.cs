using System.Net;

namespace IntrospectionAuth.Http;

/// <summary>Makes a primary HTTP handler safe for credentials: the default one, or the application's own.</summary>
internal static class PrimaryHandler
{
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5); // so that a changed DNS entry is noticed

    /// <summary>Whether sending a request may run code of the application on its thread.</summary>
    /// <remarks>Code that takes part in opening a connection does not: the platform gives it another thread.</remarks>
    public static bool RunsApplicationCode(HttpMessageHandler handler) =>
        handler switch
        {
            SocketsHttpHandler sockets => sockets.RequestHeaderEncodingSelector is not null || IsOfApplication(sockets.Proxy),
            HttpClientHandler client => client.GetType() != typeof(HttpClientHandler) || IsOfApplication(client.Proxy),
            _ => true,
        };

    public static void Secure(HttpMessageHandler handler, int maximumConnections)
    {
        try
        {
            SetProperties(handler, maximumConnections);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                "The primary HTTP handler is already used by another client. Give the client of the introspection scheme its own handler.",
                exception
            );
        }
    }

    private static bool IsOfApplication(IWebProxy? proxy)
    {
        if (proxy is LoopbackBypassingProxy secured) // by another scheme that shares the handler
            proxy = secured.Inner;
        return proxy is not null && proxy.GetType() != typeof(WebProxy) && proxy != HttpClient.DefaultProxy;
    }

    private static void SetProperties(HttpMessageHandler handler, int maximumConnections)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
            handler = inner;

        // A property is set only if it differs: a handler that is in use already accepts no changes.
        if (handler is SocketsHttpHandler sockets)
        {
            if (sockets.AllowAutoRedirect)
                sockets.AllowAutoRedirect = false;
            if (sockets.UseCookies)
                sockets.UseCookies = false;
            if (sockets.AutomaticDecompression != DecompressionMethods.None)
                sockets.AutomaticDecompression = DecompressionMethods.None;
            if (sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
                sockets.PooledConnectionLifetime = s_connectionLifetime;
            if (sockets.MaxConnectionsPerServer == int.MaxValue)
                sockets.MaxConnectionsPerServer = maximumConnections;
            if (sockets is { UseProxy: true, Proxy: not LoopbackBypassingProxy })
                sockets.Proxy = new LoopbackBypassingProxy(sockets.Proxy ?? HttpClient.DefaultProxy);
        }
        else if (handler is HttpClientHandler client)
        {
            if (client.AllowAutoRedirect)
                client.AllowAutoRedirect = false;
            if (client.UseCookies)
                client.UseCookies = false;
            if (client.AutomaticDecompression != DecompressionMethods.None)
                client.AutomaticDecompression = DecompressionMethods.None;
            if (client.MaxConnectionsPerServer == int.MaxValue)
                client.MaxConnectionsPerServer = maximumConnections;
            if (client is { UseProxy: true, Proxy: not LoopbackBypassingProxy })
                client.Proxy = new LoopbackBypassingProxy(client.Proxy ?? HttpClient.DefaultProxy);
        }
    }
}
