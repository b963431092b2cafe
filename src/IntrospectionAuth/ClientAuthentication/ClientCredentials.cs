using System.Net.Http.Headers;
using IntrospectionAuth.ClientAuthentication;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>
    /// Gets the method <c>client_credentials</c>: a bearer token that this API obtains from the token endpoint (RFC 7662, section 2.1; RFC
    /// 6749, section 4.4).
    /// </summary>
    /// <remarks>
    /// <see cref="OAuthIntrospectionOptions.ClientCredentials"/> configures how it is obtained. It is kept in memory until shortly before
    /// it expires, is sent to the introspection endpoint only, and is renewed at most once a minute if the server rejects it with 401 or
    /// 403.
    /// </remarks>
    public static ClientAuthenticationMethod ClientCredentials { get; } = Known(new ClientCredentialsMethod());

    /// <summary>Whether a token is obtained before the call is made.</summary>
    internal bool NeedsClientToken => this is ClientCredentialsMethod;

    private sealed class ClientCredentialsMethod() : ClientAuthenticationMethod("client_credentials")
    {
        internal override bool SendsOwnToken => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            if (context.Credential.Used is not ClientToken token)
                throw new InvalidOperationException("There is no token of the client credentials grant.");

            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            ClientAuthenticationMethod method = options.ClientCredentials.AuthenticationMethod;
            if (!method.AuthenticatesToTokenEndpoint)
            {
                IEnumerable<string> names = s_byName!
                    .Values.Where(static it => it.AuthenticatesToTokenEndpoint)
                    .Select(static it => it.Name);
                return
                [
                    $"ClientCredentials.AuthenticationMethod is {method}, which cannot authenticate a client to a token endpoint. "
                        + $"Choose one of {string.Join(", ", names.Order(StringComparer.Ordinal))}.",
                ];
            }

            // The setting of the token endpoint is the one to fix.
            return method
                .Validate(options)
                .Select(static fault =>
                    fault.Replace(nameof(ClientAuthenticationMethod), "ClientCredentials.AuthenticationMethod", StringComparison.Ordinal)
                );
        }
    }
}
