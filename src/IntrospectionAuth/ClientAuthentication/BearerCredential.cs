using System.Net.Http.Headers;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Creates the method in which a bearer token obtained for the purpose authorizes the call (RFC 7662, section 2.1).</summary>
    /// <param name="obtainToken">
    /// Returns the token. It runs for each call to the authorization server, so it should cache the token until the token expires or
    /// <see cref="ClientAuthenticationContext.IsRetryAfterRefusal"/> is true.
    /// </param>
    /// <returns>The method.</returns>
    /// <remarks>
    /// Responses obtained with one method object are never used for another. Create it once, outside the delegate that sets the options:
    /// the delegate runs again when configuration changes, and a new object starts with an empty cache.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="obtainToken"/> is null.</exception>
    public static ClientAuthenticationMethod BearerCredential(Func<ClientAuthenticationContext, ValueTask<string>> obtainToken)
    {
        ArgumentNullException.ThrowIfNull(obtainToken);
        return new BearerCredentialMethod(obtainToken);
    }

    private sealed class BearerCredentialMethod(Func<ClientAuthenticationContext, ValueTask<string>> obtainToken)
        : ClientAuthenticationMethod("bearer")
    {
        internal override bool SendsOwnToken => true;

        public override async ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            string token = await obtainToken(context);

            // The message of the header's own exception would contain the token.
            if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
                throw new InvalidOperationException("The delegate of BearerCredential returned no usable token.");

            context.Credential.Used = token;
            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }
}
