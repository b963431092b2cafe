using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

/// <content>Signed and encrypted responses.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets whether only signed answers are accepted (RFC 9701).</summary>
    /// <value>The default is <see langword="false"/>: answers are plain JSON, and a signed one is not an answer. <see langword="true"/> needs <see cref="Authority"/>.</value>
    /// <remarks>
    /// <para>
    /// The server is asked for <c>application/token-introspection+jwt</c>; anything else, plain JSON above all, is not an answer, and the
    /// caller gets 503. The answer's signature (by one of <see cref="SignedResponseAlgorithms"/>) is verified with the keys at the
    /// <c>jwks_uri</c> of the server's metadata, which is looked for at <see cref="Authority"/> even when
    /// <see cref="IntrospectionEndpoint"/> is set.
    /// </para>
    /// <para>Its <c>typ</c> must be <c>token-introspection+jwt</c>, its <c>iss</c> <see cref="Authority"/>, its <c>aud</c> <see cref="SignedResponseAudience"/>, and its <c>iat</c> within a minute of now.</para>
    /// <para>
    /// A signed answer does not name the token that it is about, and the keys are trusted because they come over https: it is a second lock beside TLS, and does not stand in its place.
    /// </para>
    /// </remarks>
    public bool RequireSignedResponse { get; set; }

    /// <summary>Gets or sets the <c>aud</c> that a signed answer must have (RFC 9701, section 5): by which the authorization server knows this API.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="ClientId"/>. The comparison is ordinal.</value>
    public string? SignedResponseAudience { get; set; }

    /// <summary>Gets the algorithms by which responses may be signed, by their JOSE names.</summary>
    /// <value>
    /// Empty by default: <c>RS256</c>, <c>RS384</c>, <c>RS512</c>, <c>PS256</c>, <c>PS384</c>, <c>PS512</c>, <c>ES256</c>, <c>ES384</c> and
    /// <c>ES512</c>, which are all that can be named. It needs <see cref="RequireSignedResponse"/>.
    /// </value>
    /// <remarks>A response that is signed by another one is unusable (RFC 9701, section 6: <c>introspection_signed_response_alg</c>). No
    /// algorithm with a shared secret can be named, nor <c>none</c>.</remarks>
    public IList<string> SignedResponseAlgorithms { get; } = [];

    /// <summary>
    /// Gets the algorithms by which responses may be encrypted, by their JOSE names: those for the key (<c>alg</c>) and those for the
    /// content (<c>enc</c>) in one list.
    /// </summary>
    /// <value>
    /// Empty by default: <c>RSA-OAEP</c> and <c>RSA-OAEP-256</c>; <c>A128CBC-HS256</c>, <c>A192CBC-HS384</c>, <c>A256CBC-HS512</c>,
    /// <c>A128GCM</c>, <c>A192GCM</c> and <c>A256GCM</c>, which are all that can be named. A list that is not empty has at least one of
    /// each kind. It needs a key for decryption.
    /// </value>
    /// <remarks>RFC 9701, section 6: <c>introspection_encrypted_response_alg</c> and <c>introspection_encrypted_response_enc</c>.</remarks>
    public IList<string> DecryptionAlgorithms { get; } = [];

    /// <summary>Gets or sets the file with the private key that decrypts signed answers which are also encrypted (RFC 9701, section 5).</summary>
    /// <value>
    /// The default is <see langword="null"/>: an encrypted answer is not an answer. An absolute path, or one relative to the working directory, of a file with one private RSA key of 2048 to 8192 bits
    /// in PEM or DER. It needs <see cref="RequireSignedResponse"/>.
    /// </value>
    /// <remarks>
    /// Answers are decrypted by the algorithms of <see cref="DecryptionAlgorithms"/>. One that is signed and not encrypted is accepted,
    /// too. A changed file is picked up within 5 seconds, without a restart. If the new one holds no usable key, the previous key stays in
    /// use, with an Error in the log.
    /// </remarks>
    public string? DecryptionKeyPath { get; set; }

    /// <summary>Gets or sets the password of the key at <see cref="DecryptionKeyPath"/>, where it is encrypted (PKCS #8).</summary>
    /// <value>The default is <see langword="null"/>: the key is not encrypted.</value>
    public string? DecryptionKeyPassword { get; set; }

    /// <summary>Gets or sets the private key that decrypts signed answers which are also encrypted; in code only.</summary>
    /// <value>The default is <see langword="null"/>. Not together with <see cref="DecryptionKeyPath"/>.</value>
    public ClientDecryptionKey? DecryptionKey { get; set; }

    /// <summary>Whether there may be a key that decrypts answers.</summary>
    internal bool CanDecrypt => DecryptionKey is not null || !string.IsNullOrEmpty(DecryptionKeyPath);

    /// <summary>The <c>aud</c> that a signed answer must have.</summary>
    internal string? ExpectedResponseAudience => string.IsNullOrEmpty(SignedResponseAudience) ? ClientId : SignedResponseAudience;

    internal bool AcceptsSigned(JoseAlgorithm algorithm) =>
        SignedResponseAlgorithms.Count == 0 || SignedResponseAlgorithms.Contains(algorithm.Name);

    internal bool AcceptsEncrypted(Jwe message) =>
        DecryptionAlgorithms.Count == 0
        || (DecryptionAlgorithms.Contains(message.KeyEncryption.Name) && DecryptionAlgorithms.Contains(message.ContentEncryption.Name));
}
