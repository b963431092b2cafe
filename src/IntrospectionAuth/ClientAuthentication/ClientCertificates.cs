using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Shows this API's certificate on new connections; one in a file is read anew when the file has changed.</summary>
internal sealed class ClientCertificates : IDisposable
{
    private readonly ConcurrentDictionary<(string Path, string? Password), Loaded> _loaded = new();

    /// <summary>Has a handler show the certificate of the options as they are when a connection is made; one that the application has set up itself is left alone.</summary>
    public void Attach(HttpMessageHandler handler, Func<OAuthIntrospectionOptions> options)
    {
        // Only where it is used: a handler that chooses certificates resumes no TLS sessions.
        if (!options().ClientAuthenticationMethod.UsesClientCertificate || handler is not SocketsHttpHandler sockets)
            return;

        SslClientAuthenticationOptions ssl = sockets.SslOptions;
        if (ssl is { LocalCertificateSelectionCallback: null, ClientCertificates: null or { Count: 0 }, ClientCertificateContext: null })
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => Find(options())!; // null shows none
    }

    public void Dispose()
    {
        foreach (Loaded loaded in _loaded.Values)
            loaded.Certificate.Dispose();
    }

    private X509Certificate2? Find(OAuthIntrospectionOptions options)
    {
        if (!options.ClientAuthenticationMethod.UsesClientCertificate)
            return null;
        if (options.ClientCertificate is { } certificate)
            return certificate;

        // The one before is not disposed of: a handshake under way may still use it.
        DateTime changedAt = File.GetLastWriteTimeUtc(options.CertificatePath!);
        return _loaded.AddOrUpdate(
            (options.CertificatePath!, options.CertificatePassword),
            static (file, at) => Load(file, at),
            static (file, known, at) => known.ChangedAt == at ? known : Load(file, at),
            changedAt).Certificate;
    }

    private static Loaded Load((string Path, string? Password) file, DateTime changedAt) =>
        new(X509CertificateLoader.LoadPkcs12FromFile(file.Path, file.Password), changedAt);

    private sealed class Loaded(X509Certificate2 certificate, DateTime changedAt)
    {
        public X509Certificate2 Certificate { get; } = certificate;

        public DateTime ChangedAt { get; } = changedAt;
    }
}
