using System.Net.Http.Headers;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Creates the method in which a bearer token obtained for the purpose authorizes the call (RFC 7662, section 2.1).</summary>
    /// <param name="obtainToken">
    /// Returns the token. It runs for each call to the authorization server, so it is the place to cache the token until it expires, or until
    /// <see cref="ClientAuthenticationContext.IsRetryAfterRefusal"/> says that the server refuses it.
    /// </param>
    /// <returns>The method.</returns>
    /// <remarks>
    /// Answers obtained with one method object are never used for another. Create it once, outside the delegate that sets the options: that one runs again when
    /// configuration changes, and a new object would find an empty cache.
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

            // The header would throw with the token in its message; this sentence has none.
            if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
                throw new InvalidOperationException("The delegate of BearerCredential returned no usable token.");

            context.Credential.Used = token;
            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }
}
