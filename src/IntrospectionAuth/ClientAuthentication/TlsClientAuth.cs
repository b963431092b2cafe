using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>tls_client_auth</c>: a client certificate that an authority has issued (RFC 8705, section 2.1), and <c>client_id</c>.</summary>
    /// <remarks>
    /// The certificate is <see cref="OAuthIntrospectionOptions.ClientCertificate"/>, or the file at <see cref="OAuthIntrospectionOptions.CertificatePath"/>. Where the endpoint is discovered, the
    /// server's <c>mtls_endpoint_aliases</c> come first (section 5). A change from another method to this one takes a restart; a changed certificate does not.
    /// </remarks>
    public static ClientAuthenticationMethod TlsClientAuth { get; } = Known(new TlsMethod("tls_client_auth"));

    /// <summary>Gets the method <c>self_signed_tls_client_auth</c>: a client certificate that the authorization server knows by itself (RFC 8705, section 2.2), and <c>client_id</c>.</summary>
    /// <remarks>Everything else is as with <see cref="TlsClientAuth"/>.</remarks>
    public static ClientAuthenticationMethod SelfSignedTlsClientAuth { get; } = Known(new TlsMethod("self_signed_tls_client_auth"));

    /// <summary>Whether the connection shows this API's certificate.</summary>
    internal bool UsesClientCertificate => this is TlsMethod;

    /// <summary>Whether the connection shows this API's certificate, be it to obtain a token first (RFC 8705, section 3: that token may be bound to the certificate).</summary>
    internal bool ShowsCertificate(OAuthIntrospectionOptions options) => UsesClientCertificate || (NeedsClientToken && options.ClientCredentials.AuthenticationMethod.UsesClientCertificate);

    private sealed class TlsMethod(string name) : ClientAuthenticationMethod(name)
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Parameters["client_id"] = context.Options.ClientId!;
            context.Credential.Used = context.Certificates.Use(context);
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            foreach (string clientFault in RequireClientIdAlone(options))
                yield return clientFault;
            if (options.IntrospectionEndpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true)
                yield return $"IntrospectionEndpoint is plain http, but the client authentication method {Name} shows a certificate in the TLS handshake. Use https.";
            if (FindCertificateFault(options) is { } fault)
                yield return fault;
        }

        private string? FindCertificateFault(OAuthIntrospectionOptions options)
        {
            if (options.ClientCertificate is { } certificate)
            {
                return options.CertificatePath is not null ? "ClientCertificate and CertificatePath are both set. Remove one of them."
                    : certificate.HasPrivateKey ? null : "ClientCertificate has no private key. Set a certificate with its key.";
            }

            if (string.IsNullOrEmpty(options.CertificatePath))
                return $"CertificatePath is not set, but the client authentication method {Name} shows a certificate. Set CertificatePath to a PKCS #12 file, or ClientCertificate in code.";

            try
            {
                using X509Certificate2 loaded = X509CertificateLoader.LoadPkcs12FromFile(options.CertificatePath, options.CertificatePassword);
                return loaded.HasPrivateKey ? null : "CertificatePath is a file without a private key. Set a PKCS #12 file that has the certificate and its key.";
            }
            catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
            {
                return "CertificatePath cannot be read as a PKCS #12 file with CertificatePassword. Check that the file is there, that this process may read it, and the password.";
            }
        }
    }
}
