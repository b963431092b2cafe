using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Shows this API's certificate on new connections; one in a file is read anew when the file has changed.</summary>
internal sealed class ClientCertificates(ILogger<ClientCertificates> logger) : IDisposable
{
    private readonly ConcurrentDictionary<(string Path, string? Password), ClientCertificateFile> _files = new();

    /// <summary>Has a handler show the certificate of the options as they are when a connection is made; one that the application has set up itself is left alone.</summary>
    public void Attach(string scheme, HttpMessageHandler handler, Func<OAuthIntrospectionOptions> options)
    {
        // Only where it is used: a handler that chooses certificates resumes no TLS sessions.
        if (!options().ClientAuthenticationMethod.ShowsCertificate(options()) || handler is not SocketsHttpHandler sockets)
            return;

        SslClientAuthenticationOptions ssl = sockets.SslOptions;
        if (ssl is { LocalCertificateSelectionCallback: null, ClientCertificates: null or { Count: 0 }, ClientCertificateContext: null })
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => Find(scheme, options())!; // null shows none
    }

    public void Dispose()
    {
        foreach (ClientCertificateFile file in _files.Values)
            file.Dispose();
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
