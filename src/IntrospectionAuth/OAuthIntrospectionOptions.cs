using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Options of one introspection scheme: which authorization server answers, how it is asked, and which tokens are accepted.</summary>
/// <remarks>
/// They can be set in code, or in configuration under <c>Authentication:Schemes:&lt;scheme&gt;</c> with the same names.
/// They are validated when the application starts, and a changed configuration is applied without a restart.
/// </remarks>
public partial class OAuthIntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>Initializes options with their defaults.</summary>
    public OAuthIntrospectionOptions() => Events = new OAuthIntrospectionEvents();

    /// <summary>Gets or sets the issuer of the authorization server, from which its introspection endpoint is discovered when <see cref="IntrospectionEndpoint"/> is not set.</summary>
    /// <value>
    /// The default is <see langword="null"/>. An absolute <c>https</c> URL without query, fragment or user information; <c>http</c> only on
    /// a
    /// loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    /// <remarks>
    /// <para>
    /// The server's metadata is looked for at the well-known URLs of OpenID Connect Discovery 1.0 and RFC 8414, when it is first needed, and again after 12 hours. Its
    /// <c>issuer</c> must equal this value character by character, a slash at the end included (RFC 8414, section 3.3). While none is found, callers get 503.
    /// </para>
    /// <para>
    /// A response that has an <c>iss</c> is accepted only if it is this value, character by character, whether the endpoint is discovered
    /// or not, unless <see cref="ValidIssuers"/> says otherwise. A provider preset sets both this and the endpoint, and nothing is
    /// discovered.
    /// </para>
    /// </remarks>
    public string? Authority { get; set; }

    /// <summary>Gets or sets the URL of the introspection endpoint (RFC 7662, section 2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: it is discovered from <see cref="Authority"/>. An absolute <c>https</c> URL without user
    /// information
    /// or fragment; <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>
    /// Gets or sets whether every URL of the scheme must be https: of the authorization server, and of <see cref="Resource"/>.
    /// </summary>
    /// <value>
    /// The default is <see langword="true"/>: http is accepted on a loopback host only, and elsewhere it stops the application at startup.
    /// </value>
    /// <remarks>
    /// Over plain http, tokens and the credentials of this API cross the network unencrypted, and anyone on that network can answer in the
    /// server's
    /// place (RFC 7662, section 4). Set it to <see langword="false"/> only where something else protects that network: a service mesh that
    /// encrypts
    /// by itself, a sidecar, containers on one host. It then holds for the URLs that the server's metadata names, too. A Warning names the
    /// hosts,
    /// at startup and when they change.
    /// </remarks>
    public bool RequireHttps { get; set; } = true;

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

    /// <summary>Gets or sets the <c>token_type_hint</c> of the introspection request (RFC 7662, section 2.1).</summary>
    /// <value>The default is <c>access_token</c>. <see langword="null"/> or an empty string sends no hint.</value>
    public string? TokenTypeHint { get; set; } = "access_token";

    /// <summary>Gets additional form parameters of the introspection request.</summary>
    /// <value>Empty by default. Parameters that the handler or a client authentication method sets itself are refused at startup.</value>
    public IDictionary<string, string> IntrospectionParameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the statuses by which the authorization server says that it does not know a token, where it does not answer <c>"active":
    /// false</c>.
    /// </summary>
    /// <value>
    /// Empty by default: only a response with status 200 says whether a token is active. From 400, 401, 403, 404, 410 and 422.
    /// </value>
    /// <remarks>
    /// <para>
    /// Such a status counts as inactive (401 <c>invalid_token</c>) once the server has given the same credentials of this API an active or
    /// inactive response; before that, callers get 503.
    /// A token or key that this API obtains anew begins without that. A body that names the client (<c>invalid_client</c>) is a refusal of
    /// the credentials whatever this says.
    /// </para>
    /// <para>
    /// RFC 7662, section 2.2, has servers answer 200. With 401 or 403 here, a server that no longer accepts this API's credentials, and
    /// does not say so in the body, has every token refused:
    /// a log message and the health check draw attention to it.
    /// </para>
    /// </remarks>
    public IList<int> InactiveStatusCodes { get; } = [];

    /// <summary>Gets the audiences of this API: a token is accepted only if its <c>aud</c> has one of them.</summary>
    /// <value>Empty by default: <c>aud</c> is not checked. Once there is one, a token without <c>aud</c> is refused.</value>
    /// <remarks>
    /// Set it wherever the server puts an <c>aud</c> in its answers: it is what stops a token that was issued for another API, and
    /// a refresh token that the server calls active without saying its type. The comparison is ordinal.
    /// </remarks>
    public IList<string> Audiences { get; } = [];

    /// <summary>Gets the issuers whose tokens are accepted.</summary>
    /// <value>
    /// Empty by default: an <c>iss</c> must be <see cref="Authority"/> where that is set, and is not checked otherwise. Once there is one,
    /// a token without <c>iss</c> is refused, and
    /// <see cref="Authority"/> is accepted only if it is among them.
    /// </value>
    /// <remarks>The comparison is ordinal, as RFC 8414, section 3.3 asks: where a server's <c>iss</c> differs from <see cref="Authority"/>
    /// by a slash at the end, add it here.</remarks>
    public IList<string> ValidIssuers { get; } = [];

    /// <summary>Gets or sets whether only tokens that are bound to a key are accepted, each with its DPoP proof (RFC 9449).</summary>
    /// <value>The default is <see langword="false"/>: bearer tokens are accepted too, unless they are bound.</value>
    /// <remarks>A bearer token then costs no call, and every challenge is <c>DPoP</c>. Not together with <see cref="TokenRetrieval"/>: what comes in a form or query has no proof.</remarks>
    public bool RequireDPoP { get; set; }

    /// <summary>Gets how DPoP proofs are judged.</summary>
    public OAuthIntrospectionDPoPOptions DPoP { get; } = new();

    /// <summary>Gets or sets whether an answer that says it is about a refresh token is accepted.</summary>
    /// <value>The default is <see langword="false"/>. Only VMware Cloud Services, which introspects nothing else, needs <see langword="true"/>.</value>
    public bool AcceptRefreshTokens { get; set; }

    /// <summary>
    /// Gets the values of <c>token_use</c> and <c>token_usage</c> that are accepted beside those that mean an access token.
    /// </summary>
    /// <value>
    /// Empty by default: a response that has one of these members is accepted only if it says <c>access</c>, <c>access_token</c>, <c>at</c>
    /// or <c>bearer</c>, in any spelling. Case does not matter. Words for refresh tokens, ID tokens, authorization codes and the like are
    /// refused at startup.
    /// </value>
    /// <remarks>
    /// Some servers have kinds of access tokens of their own, for example <c>service</c>. The vocabulary of these members is open, so that
    /// an unknown word may just as well name what is no access token; for
    /// <c>token_type</c> and <c>typ</c>, which also say how a token is used and encoded, unknown plain words are accepted.
    /// </remarks>
    public IList<string> AcceptedTokenUses { get; } = [];

    /// <summary>Gets or sets the tolerance for <c>exp</c>, <c>nbf</c> and <c>auth_time</c> against clocks that disagree.</summary>
    /// <value>The default is <see cref="TimeSpan.Zero"/>. From zero to one hour.</value>
    /// <remarks>
    /// An <c>nbf</c> or <c>auth_time</c> may lie at least 5 seconds in the future, even when this is zero: many servers set them to the
    /// time of issue by their own clock. An <c>exp</c> gets no tolerance beyond this (RFC 7662, section 4).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or longer than one hour.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    /// <summary>Gets or sets the longest time that asking the authorization server may take, waiting for a turn, slow answers and repetitions included.</summary>
    /// <value>The default is 5 seconds. More than zero, at most 5 minutes.</value>
    /// <remarks>When it has passed, the caller gets 503 with <c>Retry-After</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero, negative or longer than 5 minutes.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the size of the longest answer that is read from the authorization server, in bytes.</summary>
    /// <value>The default is 262,144 (256 KiB). From 1 to 16,777,216 (16 MiB). A longer answer is no answer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumResponseLength
    {
        get;
        set => field = OptionValue.Between(value, 1, 16 * 1024 * 1024);
    } = 256 * 1024;

    /// <summary>Gets how long answers are remembered.</summary>
    public OAuthIntrospectionCacheOptions Cache { get; } = new();

    /// <summary>Gets what happens when the authorization server is slow, failing or overloaded.</summary>
    public OAuthIntrospectionResilienceOptions Resilience { get; } = new();

    /// <summary>Gets which members of the answer become claims of another type: from path to claim type.</summary>
    /// <value>Empty by default: every member keeps its name.</value>
    /// <remarks>
    /// <para>
    /// A path is a member's name (<c>orgId</c> → <c>org_id</c>: the claim is renamed) or leads into an object with dots
    /// (<c>realm_access.roles</c> → <c>roles</c>: a claim is added for each value found). A path that ends in <c>.*</c> adds a claim for
    /// the name of each member of an object that is neither <c>null</c> nor <c>false</c> (<c>urn:zitadel:iam:org:project:roles.*</c> →
    /// <c>roles</c>).
    /// </para>
    /// <para>
    /// Names may hold dots and colons themselves. At each level the longest name that fits is tried first, and the first way that leads
    /// to a value is the only one.
    /// </para>
    /// </remarks>
    public IDictionary<string, string> ClaimMappings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the claim types without which a token is refused.</summary>
    /// <value>Empty by default. Names are those after <see cref="ClaimMappings"/>, which can also map what lies inside an object.</value>
    public IList<string> RequiredClaims { get; } = [];

    /// <summary>Gets or sets the claim type that <see cref="System.Security.Principal.IIdentity.Name"/> reads.</summary>
    /// <value>The default is <c>username</c> (RFC 7662, section 2.2).</value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string NameClaimType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "username";

    /// <summary>Gets or sets the claim type that <c>[Authorize(Roles = …)]</c> and <c>User.IsInRole</c> read.</summary>
    /// <value>The default is <c>roles</c> (RFC 9068, section 2.2.3.1).</value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string RoleClaimType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "roles";

    /// <summary>Gets or sets whether the token is kept with the ticket, for <c>HttpContext.GetTokenAsync("access_token")</c>.</summary>
    /// <value>The default is <see langword="false"/>: what is not kept cannot leak, and the request costs less.</value>
    public bool SaveToken { get; set; }

    /// <summary>Gets or sets the <c>realm</c> of the challenge (RFC 9110, section 11.5).</summary>
    /// <value>The default is <see langword="null"/>: the challenge has no realm.</value>
    public string? Realm { get; set; }

    /// <summary>Gets or sets this API's own URL, by which clients know it: its resource identifier (RFC 9728, section 1.2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: the challenge has no <c>resource_metadata</c>. An absolute <c>https</c> URL without user information or fragment, in ASCII;
    /// <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    /// <remarks>
    /// Once it is set, every challenge says where the API's metadata lies (RFC 9728, section 5.1); serve it with <c>app.MapProtectedResourceMetadata()</c>. It is never taken from
    /// the request. It is not compared with <c>aud</c>: that is what <see cref="Audiences"/> is for.
    /// </remarks>
    public string? Resource { get; set; }

    /// <summary>Gets what the metadata of <see cref="Resource"/> says.</summary>
    public OAuthIntrospectionResourceMetadataOptions ResourceMetadata { get; } = new();

    /// <summary>Gets or sets whether a challenge says in <c>error_description</c> why a token was refused.</summary>
    /// <value>The default is <see langword="true"/>. The description is a fixed sentence; the <c>error</c> code is always sent.</value>
    public bool IncludeErrorDetails { get; set; } = true;

    /// <summary>Gets or sets the events through which the application takes part in authentication.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public new OAuthIntrospectionEvents Events
    {
        get => (OAuthIntrospectionEvents)base.Events!;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            base.Events = value;
        }
    }
}
