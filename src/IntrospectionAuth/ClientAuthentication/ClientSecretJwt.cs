using System.Text;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>
    /// Gets the method <c>client_secret_jwt</c>: an assertion authenticated by HMAC with the client secret, which is not sent (RFC 7523,
    /// section 2.2).
    /// </summary>
    /// <remarks>
    /// <see cref="OAuthIntrospectionOptions.SigningAlgorithm"/> is <c>HS256</c> by default, or <c>HS384</c> or <c>HS512</c>. The secret
    /// must have at least 32, 48 or 64 bytes. Each call has its own assertion, with a new <c>jti</c>, which is valid for 60 seconds.
    /// </remarks>
    public static ClientAuthenticationMethod ClientSecretJwt { get; } = Known(new ClientSecretJwtMethod());

    private sealed class ClientSecretJwtMethod() : ClientAuthenticationMethod("client_secret_jwt")
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            OAuthIntrospectionOptions options = context.Options;
            JoseKey? key = SymmetricJoseKey.Create(Encoding.UTF8.GetBytes(options.ClientSecret ?? ""));
            if (key is null || FindAlgorithm(options) is not { } algorithm)
                throw new InvalidOperationException("ClientSecret is too short, or SigningAlgorithm is not known.");

            var header = new JwsHeader
            {
                Algorithm = algorithm,
                Type = options.ClientAssertionType,
                KeyId = string.IsNullOrEmpty(options.SigningKeyId) ? null : options.SigningKeyId,
            };
            string assertion = JwsBuilder.Sign(header, ClientAssertion.CreateClaims(options, context.TimeProvider.GetUtcNow()), key);
            ClientAssertion.Add(context.Parameters, options.ClientId, assertion);
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            foreach (string fault in RequireClientId(options).Concat(ClientAssertion.FindFaults(Name, options)))
                yield return fault;

            if (FindAlgorithm(options) is not { } algorithm)
            {
                yield return "SigningAlgorithm is not HS256, HS384 or HS512, by which client_secret_jwt signs. Remove it, or choose "
                    + "private_key_jwt.";
            }
            else if (options.ClientSecret is null)
            {
                yield return "ClientSecret is not set, but the client authentication method client_secret_jwt signs with it. Set "
                    + "ClientSecret, or another ClientAuthenticationMethod.";
            }
            else if (Encoding.UTF8.GetByteCount(options.ClientSecret) < algorithm.HashLength)
            {
                yield return $"ClientSecret is shorter than {algorithm.HashLength} bytes, and {algorithm.Name} needs as many (RFC 7518, "
                    + "section 3.2). Have the authorization server issue a longer one, or choose another "
                    + "ClientAuthenticationMethod.";
            }
        }

        private static JoseAlgorithm? FindAlgorithm(OAuthIntrospectionOptions options) =>
            string.IsNullOrEmpty(options.SigningAlgorithm)
                ? JoseAlgorithm.HS256
                : JoseAlgorithm.Symmetric.FirstOrDefault(algorithm => algorithm.Name == options.SigningAlgorithm);
    }
}
