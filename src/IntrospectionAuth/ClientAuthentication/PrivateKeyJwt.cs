using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>private_key_jwt</c>: an assertion signed with this API's private key (RFC 7523, section 2.2).</summary>
    /// <remarks>
    /// The key is <see cref="OAuthIntrospectionOptions.SigningKeyPath"/> or <see cref="OAuthIntrospectionOptions.SigningKey"/>. Its public
    /// key is registered at the authorization server. Each call has its own assertion, with a new <c>jti</c>, which is valid for 60
    /// seconds.
    /// </remarks>
    public static ClientAuthenticationMethod PrivateKeyJwt { get; } = Known(new PrivateKeyJwtMethod());

    /// <summary>Whether the private key signs assertions, for the introspection endpoint or for the token endpoint.</summary>
    internal bool SignsWithKey(OAuthIntrospectionOptions options) =>
        this is PrivateKeyJwtMethod || (NeedsClientToken && options.ClientCredentials.AuthenticationMethod is PrivateKeyJwtMethod);

    private sealed class PrivateKeyJwtMethod() : ClientAuthenticationMethod("private_key_jwt")
    {
        public override async ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            OAuthIntrospectionOptions options = context.Options;
            ClientSigningKey key = options.SigningKey ?? await context.KeyFiles.GetSigningKeyAsync(context);
            context.Credential.Used = options.SigningKey is null ? key : null; // a key in a file may be replaced
            JoseAlgorithm algorithm =
                key.Choose(options.SigningAlgorithm) ?? throw new InvalidOperationException("The key cannot sign by SigningAlgorithm.");

            var header = new JwsHeader
            {
                Algorithm = algorithm,
                Type = options.ClientAssertionType,
                KeyId = string.IsNullOrEmpty(options.SigningKeyId) ? key.KeyId : options.SigningKeyId,
                CertificateThumbprint = key.CertificateThumbprint,
            };
            string signingInput = JwsBuilder.CreateSigningInput(
                header,
                ClientAssertion.CreateClaims(options, context.TimeProvider.GetUtcNow())
            );
            byte[] signature = await key.SignAsync(algorithm, signingInput, context.CancellationToken);
            ClientAssertion.Add(context.Parameters, options.ClientId, JwsBuilder.Complete(signingInput, signature));
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options) =>
            [.. RequireClientId(options), .. ClientAssertion.FindFaults(Name, options), .. FindKeyFaults(options)];

        private static IEnumerable<string> FindKeyFaults(OAuthIntrospectionOptions options)
        {
            if (options.SigningKey is not null && options.SigningKeyPath is not null)
            {
                yield return "SigningKey and SigningKeyPath are both set. Remove one of them.";
            }
            else if (options.SigningKey is null && string.IsNullOrWhiteSpace(options.SigningKeyPath))
            {
                yield return "SigningKeyPath is not set, but the client authentication method private_key_jwt signs. Set SigningKeyPath "
                    + "to a private key in PEM, or SigningKey in code.";
            }
            else if (options.SigningKey is null && KeyFiles.FindSigningKeyFault(options) is { } fault)
            {
                yield return $"{fault}. Set SigningKeyPath to a file that this process may read, with one private key in PEM or DER (RSA "
                    + "of 2048 to 8192 bits, EC on P-256, P-384 or P-521) that goes with SigningAlgorithm, and SigningKeyPassword "
                    + "if the key is encrypted.";
            }
            else if (options.SigningKey is { } key && key.Choose(options.SigningAlgorithm) is null)
            {
                yield return "SigningAlgorithm does not go with SigningKey. Remove it, or set one of "
                    + $"{string.Join(", ", key.Algorithms.Select(static algorithm => algorithm.Name))}.";
            }
        }
    }
}
