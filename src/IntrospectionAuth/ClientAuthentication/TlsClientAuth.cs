using IntrospectionAuth.Certificates;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>
    /// Gets the method <c>tls_client_auth</c>: a client certificate issued by a certificate authority (RFC 8705, section 2.1), and
    /// <c>client_id</c>.
    /// </summary>
    /// <remarks>
    /// The certificate is <see cref="OAuthIntrospectionOptions.ClientCertificate"/>, or the file at
    /// <see cref="OAuthIntrospectionOptions.CertificatePath"/>. If the endpoint is discovered, the server's <c>mtls_endpoint_aliases</c>
    /// take precedence (section 5).
    /// </remarks>
    public static ClientAuthenticationMethod TlsClientAuth { get; } = Known(new TlsMethod("tls_client_auth"));

    /// <summary>
    /// Gets the method <c>self_signed_tls_client_auth</c>: a client certificate that is registered at the authorization server (RFC 8705,
    /// section 2.2), and <c>client_id</c>.
    /// </summary>
    /// <remarks>Otherwise it is the same as <see cref="TlsClientAuth"/>.</remarks>
    public static ClientAuthenticationMethod SelfSignedTlsClientAuth { get; } = Known(new TlsMethod("self_signed_tls_client_auth"));

    internal bool UsesClientCertificate => this is TlsMethod;

    /// <summary>
    /// Whether connections present the client certificate, to the introspection endpoint or first to the token endpoint, which may bind its
    /// token to the certificate (RFC 8705, section 3).
    /// </summary>
    internal bool PresentsCertificate(OAuthIntrospectionOptions options) =>
        UsesClientCertificate || (NeedsClientToken && options.ClientCredentials.AuthenticationMethod.UsesClientCertificate);

    private sealed class TlsMethod(string name) : ClientAuthenticationMethod(name)
    {
        public override async ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Parameters["client_id"] = context.Options.ClientId!;
            object? refused = context.IsRetryAfterRefusal ? context.Credential.Refused : null;
            context.Credential.Used = await context.Certificates.UseAsync(context.IntrospectionScheme, refused, context.CancellationToken);
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            foreach (string clientFault in RequireClientIdAlone(options))
                yield return clientFault;
            if (options.IntrospectionEndpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true)
            {
                yield return $"IntrospectionEndpoint is plain http, but the client authentication method {Name} shows a certificate in the "
                    + "TLS handshake. Use https.";
            }
            if (FindCertificateFault(options) is { } fault)
                yield return fault;
        }

        private string? FindCertificateFault(OAuthIntrospectionOptions options)
        {
            if (options.ClientCertificate is { } certificate)
            {
                return options.CertificatePath is not null ? "ClientCertificate and CertificatePath are both set. Remove one of them."
                    : certificate.HasPrivateKey ? null
                    : "ClientCertificate has no private key. Set a certificate with its key.";
            }

            if (string.IsNullOrEmpty(options.CertificatePath))
            {
                return $"CertificatePath is not set, but the client authentication method {Name} presents a certificate. Set "
                    + "CertificatePath to a PKCS #12 or PEM file, or ClientCertificate in code.";
            }

            return ClientCertificates.FindFault(options) is { } fault
                ? $"{fault}. Set CertificatePath to a file that this process may read: PKCS #12 with its private key, or PEM "
                    + "with the private key in it or at CertificateKeyPath; and CertificatePassword if it is encrypted."
                : null;
        }
    }
}
