using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Certificates;

/// <summary>
/// The certificates that this API presents to authorization servers. They outlive a configuration reload, so that a certificate stays in
/// use while its file is broken.
/// </summary>
internal sealed class ClientCertificates(IHttpMessageHandlerFactory handlers, ILogger<ClientCertificates> logger) : IDisposable
{
    private readonly ConcurrentDictionary<(string Path, string? KeyPath, string? Password), WatchedFile<PresentedCertificate>> _files =
        new();
    private readonly ConditionalWeakTable<X509Certificate2, CertificateInCode> _inCode = [];
    private readonly ConcurrentDictionary<string, bool> _isAttached = new(StringComparer.Ordinal);

    /// <returns>What is wrong with the files, as a sentence without a full stop; or null.</returns>
    public static string? FindFault(OAuthIntrospectionOptions options)
    {
        using WatchedFile<PresentedCertificate> file = OfFile(KeyOf(options));
        return file.FindFault();
    }

    /// <summary>
    /// Wraps a handler so that its connections present the certificate of the current options. A handler that already has a certificate is
    /// returned unchanged.
    /// </summary>
    public HttpMessageHandler Attach(string scheme, HttpMessageHandler handler, Func<OAuthIntrospectionOptions> options)
    {
        bool isAttached =
            handler is SocketsHttpHandler
            {
                SslOptions:
                { LocalCertificateSelectionCallback: null, ClientCertificates: null or { Count: 0 }, ClientCertificateContext: null }
            };
        _isAttached[scheme] = isAttached;
        return isAttached
            ? new ClientCertificateHandler(
                (SocketsHttpHandler)handler,
                cancellationToken => FindAsync(scheme, options(), refused: null, cancellationToken)
            )
            : handler;
    }

    /// <summary>Finds the certificate for a call. After the server has refused one, its file is read again.</summary>
    /// <returns>The certificate; null when it cannot change, or the application's handler presents it.</returns>
    public async ValueTask<object?> UseAsync(IntrospectionScheme scheme, object? refused, CancellationToken cancellationToken) =>
        scheme.Options.ClientCertificate is not null || !IsAttached(scheme.Name)
            ? null
            : await FindAsync(scheme.Name, scheme.Options, refused, cancellationToken);

    public void Dispose()
    {
        foreach (WatchedFile<PresentedCertificate> file in _files.Values)
            file.Dispose();
    }

    private bool IsAttached(string scheme)
    {
        if (!_isAttached.ContainsKey(scheme)) // Its handlers are yet to be created, which attaches the certificate.
            LateHandler.Find(handlers.CreateHandler(OAuthIntrospectionDefaults.GetHttpClientName(scheme)))?.Create();
        return _isAttached.GetValueOrDefault(scheme);
    }

    /// <returns>The certificate; null when the options present none.</returns>
    private async ValueTask<PresentedCertificate?> FindAsync(
        string scheme,
        OAuthIntrospectionOptions options,
        object? refused,
        CancellationToken cancellationToken
    )
    {
        if (!options.PresentsCertificate)
            return null;

        PresentedCertificate certificate = options.ClientCertificate is { } inCode
            ? FindInCode(inCode, options.ClientCertificateChain)
            : await _files
                .GetOrAdd(KeyOf(options), static (key, logger) => OfFile(key, logger), logger)
                .GetAsync(scheme, options.Clock, refused, cancellationToken);

        if (certificate.FindInvalidity(options.Now) is var (notBefore, notAfter))
        {
            logger.ClientCertificateNotValid(
                scheme,
                options.ClientCertificate is null ? options.CertificatePath! : nameof(options.ClientCertificate),
                notBefore,
                notAfter
            );
        }

        return certificate;
    }

    private PresentedCertificate FindInCode(X509Certificate2 certificate, X509Certificate2Collection? chain)
    {
        if (_inCode.TryGetValue(certificate, out CertificateInCode? known) && ReferenceEquals(known.Chain, chain))
            return known.Presented;

        var created = new CertificateInCode(new PresentedCertificate(certificate, chain), chain);
        _inCode.AddOrUpdate(certificate, created);
        return created.Presented;
    }

    private static (string Path, string? KeyPath, string? Password) KeyOf(OAuthIntrospectionOptions options) =>
        (
            options.CertificatePath ?? "",
            string.IsNullOrEmpty(options.CertificateKeyPath) ? null : options.CertificateKeyPath,
            options.CertificatePassword
        );

    private static WatchedFile<PresentedCertificate> OfFile((string Path, string? KeyPath, string? Password) key, ILogger? logger = null)
    {
        var certificates = new WatchedPath(key.Path, nameof(OAuthIntrospectionOptions.CertificatePath), "certificate");
        var privateKey = new WatchedPath(key.KeyPath ?? "", nameof(OAuthIntrospectionOptions.CertificateKeyPath), "key");
        return new(
            key.KeyPath is null ? [certificates] : [certificates, privateKey],
            contents =>
            {
                (PresentedCertificate? value, string? fault, bool isAboutKey) = ClientCertificateReader.Read(
                    contents[0],
                    contents.ElementAtOrDefault(1),
                    key.Password
                );
                return (value, fault is null ? null : (isAboutKey ? privateKey : certificates).Describe("its content " + fault));
            },
            (scheme, fault) => logger?.ClientCertificateNotReplaced(scheme, key.Path, fault)
        );
    }

    private sealed class CertificateInCode(PresentedCertificate presented, X509Certificate2Collection? chain)
    {
        public PresentedCertificate Presented { get; } = presented;

        public X509Certificate2Collection? Chain { get; } = chain;
    }
}
