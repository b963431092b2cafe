using System.Net.Security;

namespace IntrospectionAuth.Certificates;

/// <summary>Copies a <see cref="SocketsHttpHandler"/>, whose client certificate cannot change after its first connection.</summary>
/// <remarks>A test compares the copied properties with those of the platform's type.</remarks>
internal static class HandlerCopy
{
    /// <summary>Creates a handler with connections of its own. The copied handler may be in use.</summary>
    public static SocketsHttpHandler Create(SocketsHttpHandler handler, SslStreamCertificateContext? certificate)
    {
        var copy = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = handler.ActivityHeadersPropagator,
            AllowAutoRedirect = handler.AllowAutoRedirect,
            AutomaticDecompression = handler.AutomaticDecompression,
            ConnectCallback = handler.ConnectCallback,
            ConnectTimeout = handler.ConnectTimeout,
            CookieContainer = handler.CookieContainer,
            Credentials = handler.Credentials,
            DefaultProxyCredentials = handler.DefaultProxyCredentials,
            EnableMultipleHttp2Connections = handler.EnableMultipleHttp2Connections,
            EnableMultipleHttp3Connections = handler.EnableMultipleHttp3Connections,
            Expect100ContinueTimeout = handler.Expect100ContinueTimeout,
            InitialHttp2StreamWindowSize = handler.InitialHttp2StreamWindowSize,
            KeepAlivePingDelay = handler.KeepAlivePingDelay,
            KeepAlivePingPolicy = handler.KeepAlivePingPolicy,
            KeepAlivePingTimeout = handler.KeepAlivePingTimeout,
            MaxAutomaticRedirections = handler.MaxAutomaticRedirections,
            MaxConnectionsPerServer = handler.MaxConnectionsPerServer,
            MaxResponseDrainSize = handler.MaxResponseDrainSize,
            MaxResponseHeadersLength = handler.MaxResponseHeadersLength,
            MeterFactory = handler.MeterFactory,
            PlaintextStreamFilter = handler.PlaintextStreamFilter,
            PooledConnectionIdleTimeout = handler.PooledConnectionIdleTimeout,
            PooledConnectionLifetime = handler.PooledConnectionLifetime,
            PreAuthenticate = handler.PreAuthenticate,
            Proxy = handler.Proxy,
            RequestHeaderEncodingSelector = handler.RequestHeaderEncodingSelector,
            ResponseDrainTimeout = handler.ResponseDrainTimeout,
            ResponseHeaderEncodingSelector = handler.ResponseHeaderEncodingSelector,
            SslOptions = Copy(handler.SslOptions, certificate),
            UseCookies = handler.UseCookies,
            UseProxy = handler.UseProxy,
        };
        foreach ((string key, object? value) in handler.Properties)
            copy.Properties[key] = value;
        return copy;
    }

    private static SslClientAuthenticationOptions Copy(SslClientAuthenticationOptions options, SslStreamCertificateContext? certificate)
    {
        var copy = new SslClientAuthenticationOptions
        {
            AllowRenegotiation = options.AllowRenegotiation,
            AllowTlsResume = options.AllowTlsResume,
            ApplicationProtocols = options.ApplicationProtocols,
            CertificateChainPolicy = options.CertificateChainPolicy,
            CertificateRevocationCheckMode = options.CertificateRevocationCheckMode,
            CipherSuitesPolicy = options.CipherSuitesPolicy,
            ClientCertificateContext = certificate ?? options.ClientCertificateContext,
            ClientCertificates = options.ClientCertificates,
            EnabledSslProtocols = options.EnabledSslProtocols,
            EncryptionPolicy = options.EncryptionPolicy,
            LocalCertificateSelectionCallback = options.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
            TargetHost = options.TargetHost,
        };
        if (OperatingSystem.IsWindows() || OperatingSystem.IsLinux())
        {
            copy.AllowRsaPkcs1Padding = options.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = options.AllowRsaPssPadding;
        }

        return copy;
    }
}
