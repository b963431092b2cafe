using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Shows this API's certificate on new connections; one in a file is read anew when the file has changed.</summary>
internal sealed class ClientCertificates(ILogger<ClientCertificates> logger) : IDisposable
{
    private readonly ConcurrentDictionary<(string Path, string? Password), ClientCertificateFile> _files = new();
    private readonly ConcurrentDictionary<string, RenewableHandler> _handlers = new(StringComparer.Ordinal);

    /// <summary>Has a handler show the certificate of the options as they are when a connection is made; one that the application has set up itself is left alone.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="options">Finds the options of the scheme.</param>
    /// <param name="makeAnother">Makes another handler, as the application has set it up.</param>
    /// <returns>The handler to use.</returns>
    public HttpMessageHandler Attach(string scheme, HttpMessageHandler handler, Func<OAuthIntrospectionOptions> options, Func<HttpMessageHandler> makeAnother)
    {
        // Only where it is used: a handler that chooses certificates resumes no TLS sessions.
        if (!options().ClientAuthenticationMethod.ShowsCertificate(options()) || Connect(scheme, handler, options) is not { } connections)
            return handler;

        return _handlers[scheme] = new RenewableHandler(connections, () => Connect(scheme, makeAnother(), options));
    }

    /// <summary>Makes sure, after a refusal, that connections show the certificate that the file has now.</summary>
    /// <returns>What stands for the certificate that they show; null when it cannot change, or there are none yet.</returns>
    public object? Use(ClientAuthenticationContext context)
    {
        if (context.Options.ClientCertificate is not null || !_handlers.TryGetValue(context.Scheme, out RenewableHandler? handler))
            return null;

        ClientConnections current = handler.Current;
        bool isRefused = context.IsRetryAfterRefusal && current == context.Credential.Refused;
        if (isRefused && current.Shown is { } shown && Find(context.Scheme, context.Options)?.Thumbprint != shown.Thumbprint)
            handler.Leave(current);
        return handler.Current;
    }

    public void Dispose()
    {
        foreach (ClientCertificateFile file in _files.Values)
            file.Dispose();
    }

    private ClientConnections? Connect(string scheme, HttpMessageHandler handler, Func<OAuthIntrospectionOptions> options)
    {
        if ((handler as SocketsHttpHandler)?.SslOptions is not { LocalCertificateSelectionCallback: null, ClientCertificates: null or { Count: 0 }, ClientCertificateContext: null } ssl)
            return null;

        var connections = new ClientConnections((SocketsHttpHandler)handler);
        ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => Show(scheme, connections, Find(scheme, options()))!; // null shows none
        return connections;
    }

    /// <summary>Shows a certificate. Connections that show another one are left: a token is bound to the certificate with which it was obtained (RFC 8705, section 3), and would be refused on every other connection.</summary>
    private X509Certificate2? Show(string scheme, ClientConnections connections, X509Certificate2? certificate)
    {
        if (certificate is null || connections.Shown is not { } shown || shown.Thumbprint == certificate.Thumbprint || !_handlers.TryGetValue(scheme, out RenewableHandler? handler))
            return connections.Show(certificate);

        try
        {
            handler.Leave(connections);
        }
        catch (Exception)
        {
            // The application's own code makes handlers. When it cannot, the connections stay, as where it has one handler only.
        }

        return handler.Current == connections ? connections.ShowInstead(certificate) : certificate; // it is not tried for every connection
    }

    private X509Certificate2? Find(string scheme, OAuthIntrospectionOptions options)
    {
        if (!options.ClientAuthenticationMethod.ShowsCertificate(options))
            return null;
        if (options.ClientCertificate is { } certificate)
            return certificate;

        return _files
            .GetOrAdd((options.CertificatePath!, options.CertificatePassword), static file => new ClientCertificateFile(file.Path, file.Password))
            .Get(scheme, logger);
    }
}
