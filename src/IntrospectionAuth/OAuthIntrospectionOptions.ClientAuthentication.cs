using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth;

/// <content>How this API authenticates to the authorization server.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the client identifier of this API at the authorization server.</summary>
    /// <value>The default is <see langword="null"/>. Required by the client authentication methods that send it.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the client secret of <see cref="ClientId"/>.</summary>
    /// <value>
    /// The default is <see langword="null"/>. Required by the client authentication methods that send it. An empty string is an empty
    /// secret, which some servers assign to public clients.
    /// </value>
    public string? ClientSecret { get; set; }

    /// <summary>Gets or sets how this API authenticates to the introspection endpoint (RFC 7662, section 2.1).</summary>
    /// <value>The default is <c>client_secret_basic</c>. In configuration, the name of any method except <c>bearer</c>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ClientAuthenticationMethod ClientAuthenticationMethod
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = ClientAuthenticationMethod.ClientSecretBasic;

    /// <summary>Gets how this API obtains a token for itself, for <see cref="ClientAuthenticationMethod.ClientCredentials"/>.</summary>
    public OAuthIntrospectionClientCredentialsOptions ClientCredentials { get; } = new();

    /// <summary>Gets or sets the file with the private key that signs client assertions (<c>private_key_jwt</c>).</summary>
    /// <value>
    /// The default is <see langword="null"/>. The path of a file with one private key in PEM or DER, absolute or relative to the working
    /// directory: RSA of 2048 to 8192 bits, or EC on the curve P-256, P-384 or P-521. Certificates and text in the file are ignored.
    /// Required by <c>private_key_jwt</c>, and only with it.
    /// </value>
    /// <remarks>
    /// Changes of the file are picked up within 5 seconds, or when the server rejects the previous key with 401, without a restart. If the
    /// new file holds no usable key, the previous key stays in use, and an error is logged.
    /// </remarks>
    public string? SigningKeyPath { get; set; }

    /// <summary>Gets or sets the password of the key at <see cref="SigningKeyPath"/>, if it is encrypted (PKCS #8).</summary>
    /// <value>The default is <see langword="null"/>: the key is not encrypted. Only with <see cref="SigningKeyPath"/>.</value>
    public string? SigningKeyPassword { get; set; }

    /// <summary>Gets or sets the private key that signs client assertions, in code.</summary>
    /// <value>The default is <see langword="null"/>. Not together with <see cref="SigningKeyPath"/>.</value>
    public ClientSigningKey? SigningKey { get; set; }

    /// <summary>Gets or sets the signature algorithm of client assertions (RFC 7518, section 3.1).</summary>
    /// <value>
    /// The default is <see langword="null"/>: <c>RS256</c> for an RSA key; <c>ES256</c>, <c>ES384</c> or <c>ES512</c> by the curve of an EC
    /// key; <c>HS256</c> for <c>client_secret_jwt</c>. An RSA key also supports <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c> and
    /// <c>PS512</c>; a secret of sufficient length also supports <c>HS384</c> and <c>HS512</c>. Only with a method that signs.
    /// </value>
    public string? SigningAlgorithm { get; set; }

    /// <summary>Gets or sets the <c>kid</c> in the header of client assertions, by which the authorization server finds the key.</summary>
    /// <value>The default is <see langword="null"/>: the <c>kid</c> of a JWK, otherwise none.</value>
    public string? SigningKeyId { get; set; }

    /// <summary>Gets or sets the <c>aud</c> of client assertions (RFC 7523, section 3).</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="Authority"/>. Set it if that is not exactly the issuer of the authorization
    /// server, or if the server requires the URL of its token endpoint.
    /// </value>
    /// <remarks>
    /// The issuer is the safe value: an assertion for another URL could be forwarded to another server (draft-ietf-oauth-rfc7523bis).
    /// </remarks>
    public string? ClientAssertionAudience { get; set; }

    /// <summary>Gets or sets the <c>typ</c> in the header of client assertions.</summary>
    /// <value>The default is <c>JWT</c>. Not empty.</value>
    /// <remarks>
    /// draft-ietf-oauth-rfc7523bis recommends <c>client-authentication+jwt</c>. Some servers require it, others reject it.
    /// </remarks>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string ClientAssertionType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "JWT";

    /// <summary>
    /// Gets or sets the client certificate, with its private key, of <c>tls_client_auth</c> and <c>self_signed_tls_client_auth</c> (RFC
    /// 8705, section 2), in code.
    /// </summary>
    /// <value>The default is <see langword="null"/>: the certificate at <see cref="CertificatePath"/>. It is never disposed of.</value>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Gets or sets the certificates between <see cref="ClientCertificate"/> and the authority that the server trusts.</summary>
    /// <value>
    /// The default is <see langword="null"/>: only certificates in the machine's certificate stores are sent. In any order; certificates
    /// that do not belong to the chain are not sent. Only with <see cref="ClientCertificate"/>.
    /// </value>
    /// <remarks>
    /// Certificates are never downloaded, although a certificate may name a URL for its issuer: a URL that hangs would delay every
    /// connection.
    /// </remarks>
    public X509Certificate2Collection? ClientCertificateChain { get; set; }

    /// <summary>Gets or sets the file with the client certificate, and with its chain.</summary>
    /// <value>
    /// The default is <see langword="null"/>. The path of a PKCS #12 file with a private key, or of a PEM file with the private key in the
    /// same file or at <see cref="CertificateKeyPath"/>. Required by <c>tls_client_auth</c> and <c>self_signed_tls_client_auth</c>. Not
    /// together with <see cref="ClientCertificate"/>.
    /// </value>
    /// <remarks>
    /// Further certificates in the file, in any order, are sent if they belong to the chain. Changes of the file are picked up within 5
    /// seconds, or when the server rejects the previous certificate with 401, without a restart: the next calls use new connections, and
    /// calls in flight finish on theirs. If the new file holds no usable certificate, the previous one stays in use, and an error is
    /// logged.
    /// </remarks>
    public string? CertificatePath { get; set; }

    /// <summary>Gets or sets the file with the private key of the certificate at <see cref="CertificatePath"/>, in PEM or DER.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the key is in the file with the certificate. Only with <see cref="CertificatePath"/>, and not
    /// for a PKCS #12 file.
    /// </value>
    public string? CertificateKeyPath { get; set; }

    /// <summary>Gets or sets the password of the PKCS #12 file at <see cref="CertificatePath"/>, or of the encrypted private key.</summary>
    /// <value>The default is <see langword="null"/>: nothing is encrypted. Only with <see cref="CertificatePath"/>.</value>
    public string? CertificatePassword { get; set; }

    /// <summary>Whether connections present a client certificate, to the introspection endpoint or to the token endpoint.</summary>
    internal bool PresentsCertificate => ClientAuthenticationMethod.PresentsCertificate(this);
}
