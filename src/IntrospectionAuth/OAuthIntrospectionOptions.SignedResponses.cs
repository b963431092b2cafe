using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <content>Signed and encrypted responses.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets whether only signed responses are accepted (RFC 9701).</summary>
    /// <value>
    /// The default is <see langword="false"/>: responses are plain JSON, and a signed response is unusable. <see langword="true"/> needs
    /// <see cref="Authority"/>, and <see cref="ClientId"/> or <see cref="SignedResponseAudience"/>.
    /// </value>
    /// <remarks>
    /// <para>
    /// The handler requests <c>application/token-introspection+jwt</c>. Any other response, including plain JSON, is unusable, and the
    /// caller gets 503. The signature, by one of <see cref="SignedResponseAlgorithms"/>, is verified with the keys at the <c>jwks_uri</c>
    /// of the server's metadata. The metadata is read from <see cref="Authority"/> even if <see cref="IntrospectionEndpoint"/> is set.
    /// </para>
    /// <para>
    /// The <c>typ</c> must be <c>token-introspection+jwt</c>, the <c>iss</c> must be <see cref="Authority"/>, the <c>aud</c> must be
    /// <see cref="SignedResponseAudience"/>, and the <c>iat</c> must be within a minute of now.
    /// </para>
    /// <para>
    /// A signed response does not name the token that it is about, and the keys are trusted because they are fetched over https. It adds to
    /// TLS and does not replace it.
    /// </para>
    /// </remarks>
    public bool RequireSignedResponse { get; set; }

    /// <summary>Gets or sets the required <c>aud</c> of signed responses (RFC 9701, section 5).</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="ClientId"/>. Only with <see cref="RequireSignedResponse"/>. The comparison is
    /// ordinal.
    /// </value>
    public string? SignedResponseAudience { get; set; }

    /// <summary>Gets the accepted signature algorithms of responses, by their JOSE names.</summary>
    /// <value>
    /// Empty by default: all of <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>ES256</c>,
    /// <c>ES384</c> and <c>ES512</c>. No others are supported. Only with <see cref="RequireSignedResponse"/>.
    /// </value>
    /// <remarks>
    /// A response signed with another algorithm is unusable (RFC 9701, section 6: <c>introspection_signed_response_alg</c>). Algorithms
    /// with a shared secret and <c>none</c> are not supported.
    /// </remarks>
    public IList<string> SignedResponseAlgorithms { get; } = [];

    /// <summary>
    /// Gets the accepted encryption algorithms of responses, by their JOSE names: for the key and for the content in one list.
    /// </summary>
    /// <value>
    /// Empty by default: all of <c>RSA-OAEP</c>, <c>RSA-OAEP-256</c>; <c>A128CBC-HS256</c>, <c>A192CBC-HS384</c>, <c>A256CBC-HS512</c>,
    /// <c>A128GCM</c>, <c>A192GCM</c> and <c>A256GCM</c>. No others are supported. A list needs at least one of each kind, and a decryption
    /// key.
    /// </value>
    /// <remarks>RFC 9701, section 6: <c>introspection_encrypted_response_alg</c> and <c>introspection_encrypted_response_enc</c>.</remarks>
    public IList<string> DecryptionAlgorithms { get; } = [];

    /// <summary>Gets or sets the file with the private key that decrypts signed responses (RFC 9701, section 5).</summary>
    /// <value>
    /// The default is <see langword="null"/>: an encrypted response is unusable. The path of a file with one private RSA key of 2048 to
    /// 8192 bits in PEM or DER, absolute or relative to the working directory. Only with <see cref="RequireSignedResponse"/>.
    /// </value>
    /// <remarks>
    /// Responses that are signed but not encrypted are also accepted. Changes of the file are picked up within 5 seconds, without a
    /// restart. If the new file holds no usable key, the previous key stays in use, and an error is logged.
    /// </remarks>
    public string? DecryptionKeyPath { get; set; }

    /// <summary>Gets or sets the password of the key at <see cref="DecryptionKeyPath"/>, if it is encrypted (PKCS #8).</summary>
    /// <value>The default is <see langword="null"/>: the key is not encrypted. Only with <see cref="DecryptionKeyPath"/>.</value>
    public string? DecryptionKeyPassword { get; set; }

    /// <summary>Gets or sets the private key that decrypts signed responses, in code.</summary>
    /// <value>The default is <see langword="null"/>. Not together with <see cref="DecryptionKeyPath"/>.</value>
    public ClientDecryptionKey? DecryptionKey { get; set; }

    internal bool CanDecrypt => DecryptionKey is not null || !string.IsNullOrEmpty(DecryptionKeyPath);

    internal string? ExpectedResponseAudience => string.IsNullOrEmpty(SignedResponseAudience) ? ClientId : SignedResponseAudience;

    internal bool AcceptsSigned(JoseAlgorithm algorithm) =>
        SignedResponseAlgorithms.Count == 0 || SignedResponseAlgorithms.Contains(algorithm.Name);

    internal bool AcceptsEncrypted(Jwe message) =>
        DecryptionAlgorithms.Count == 0
        || (DecryptionAlgorithms.Contains(message.KeyEncryption.Name) && DecryptionAlgorithms.Contains(message.ContentEncryption.Name));
}
