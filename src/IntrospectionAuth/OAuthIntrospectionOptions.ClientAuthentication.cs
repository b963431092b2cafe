using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth;

/// <content>How this API authenticates to the authorization server.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the client identifier with which this API identifies itself to the authorization server.</summary>
    /// <value>The default is <see langword="null"/>. Required by every client authentication method that sends it.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the client secret that belongs to <see cref="ClientId"/>.</summary>
    /// <value>The default is <see langword="null"/>: not set. An empty string is an empty secret, which some servers give to public clients.</value>
    public string? ClientSecret { get; set; }

    /// <summary>Gets or sets how this API authenticates to the introspection endpoint (RFC 7662, section 2.1).</summary>
    /// <value>The default is <see cref="ClientAuthenticationMethod.ClientSecretBasic"/>.</value>
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

    /// <summary>Gets how a token of this API's own is obtained, with which it asks: for <see cref="ClientAuthenticationMethod.ClientCredentials"/>.</summary>
    public OAuthIntrospectionClientCredentialsOptions ClientCredentials { get; } = new();

    /// <summary>Gets or sets the file with the private key that signs the assertions of <see cref="ClientAuthenticationMethod.PrivateKeyJwt"/>.</summary>
    /// <value>
    /// The default is <see langword="null"/>. An absolute path, or one relative to the working directory, of a file with one private key in
    /// PEM or DER: RSA of 2048 to 8192 bits, or EC on the curve P-256, P-384 or P-521. Certificates and text beside the key are ignored.
    /// </value>
    /// <remarks>
    /// A changed file is picked up within 5 seconds, or when the server refuses the previous key with 401, without a restart. If the new
    /// one holds no usable key, the previous key stays in use, with an Error in the log.
    /// </remarks>
    public string? SigningKeyPath { get; set; }

    /// <summary>Gets or sets the password of the key at <see cref="SigningKeyPath"/>, where it is encrypted (PKCS #8).</summary>
    /// <value>The default is <see langword="null"/>: the key is not encrypted.</value>
    public string? SigningKeyPassword { get; set; }

    /// <summary>Gets or sets the private key that signs the assertions of <see cref="ClientAuthenticationMethod.PrivateKeyJwt"/>; in code only.</summary>
    /// <value>The default is <see langword="null"/>. Not together with <see cref="SigningKeyPath"/>.</value>
    public ClientSigningKey? SigningKey { get; set; }

    /// <summary>Gets or sets the algorithm by which client assertions are signed (RFC 7518, section 3.1).</summary>
    /// <value>
    /// The default is <see langword="null"/>: <c>RS256</c> for an RSA key, <c>ES256</c>, <c>ES384</c> or <c>ES512</c> by the curve of an EC
    /// key, <c>HS256</c> for <c>client_secret_jwt</c>. An RSA key also goes with <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c> and
    /// <c>PS512</c>, a secret of enough length with <c>HS384</c> and <c>HS512</c>.
    /// </value>
    public string? SigningAlgorithm { get; set; }

    /// <summary>Gets or sets the <c>kid</c> in the header of client assertions, by which the authorization server finds the key.</summary>
    /// <value>The default is <see langword="null"/>: the <c>kid</c> of a JWK, otherwise none.</value>
    public string? SigningKeyId { get; set; }

    /// <summary>Gets or sets the <c>aud</c> of client assertions (RFC 7523, section 3).</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="Authority"/>. Set it where that is not exactly the issuer of the authorization server, or where a server wants the
    /// URL of its token endpoint.
    /// </value>
    /// <remarks>
    /// The issuer is the safe value: an assertion for another URL could be passed on to another server (draft-ietf-oauth-rfc7523bis).
    /// </remarks>
    public string? ClientAssertionAudience { get; set; }

    /// <summary>Gets or sets the <c>typ</c> in the header of client assertions.</summary>
    /// <value>The default is <c>JWT</c>, which servers in the field accept.</value>
    /// <remarks>
    /// draft-ietf-oauth-rfc7523bis recommends <c>client-authentication+jwt</c>. Some servers insist on it, others refuse it.
    /// </remarks>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string ClientAssertionType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "JWT";

    /// <summary>Gets or sets the certificate, with its private key, that the methods <c>tls_client_auth</c> and <c>self_signed_tls_client_auth</c> show (RFC 8705, section 2).</summary>
    /// <value>The default is <see langword="null"/>: the one at <see cref="CertificatePath"/>. It is never disposed of.</value>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>
    /// Gets or sets the certificates between <see cref="ClientCertificate"/> and the authority that the server knows; they are sent with
    /// it. In code only.
    /// </summary>
    /// <value>
    /// The default is <see langword="null"/>: only those that the machine's certificate stores have are sent. The order does not matter,
    /// and certificates that do not belong to the chain are not sent. The certificates of a file come with it
    /// (<see cref="CertificatePath"/>).
    /// </value>
    /// <remarks>Certificates are never downloaded: a certificate may name a URL for its issuer, but a URL that hangs would slow every
    /// connection down.</remarks>
    public X509Certificate2Collection? ClientCertificateChain { get; set; }

    /// <summary>
    /// Gets or sets the path of a file with that certificate: PKCS #12 with its private key, or PEM with the private key in the same file
    /// or at <see cref="CertificateKeyPath"/>.
    /// </summary>
    /// <value>The default is <see langword="null"/>. Not together with <see cref="ClientCertificate"/>.</value>
    /// <remarks>
    /// Further certificates in the file, in any order, are sent with it as far as they belong to its chain. A changed file is picked up
    /// within 5 seconds, or when the server refuses the previous certificate with 401, without a restart: the next calls use new
    /// connections with the new certificate, and those in flight finish on theirs. If the new file holds no usable certificate, the
    /// previous one stays in use, with an Error in the log.
    /// </remarks>
    public string? CertificatePath { get; set; }

    /// <summary>
    /// Gets or sets the path of a file with the private key of the certificate at <see cref="CertificatePath"/>, in PEM or DER.
    /// </summary>
    /// <value>The default is <see langword="null"/>: the key is in the file with the certificate.</value>
    /// <remarks>Kubernetes' secrets of type <c>kubernetes.io/tls</c> have such a pair: <c>tls.crt</c> and <c>tls.key</c>.</remarks>
    public string? CertificateKeyPath { get; set; }

    /// <summary>
    /// Gets or sets the password of the PKCS #12 file at <see cref="CertificatePath"/>, or of the encrypted private key in PEM or DER.
    /// </summary>
    /// <value>The default is <see langword="null"/>: nothing is encrypted.</value>
    public string? CertificatePassword { get; set; }
}
