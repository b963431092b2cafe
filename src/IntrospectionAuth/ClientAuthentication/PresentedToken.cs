using System.Net.Http.Headers;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>presented_token</c>: the presented token itself authorizes the call.</summary>
    /// <remarks>Attio works this way: no client is authenticated, and 401 means that the token is inactive.</remarks>
    public static ClientAuthenticationMethod PresentedToken { get; } = Known(new PresentedTokenMethod());

    private sealed class PresentedTokenMethod() : ClientAuthenticationMethod("presented_token")
    {
        public override bool UsesPresentedToken => true;

        internal override bool OnlyCopies => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.Token);
            return ValueTask.CompletedTask;
        }
    }
}
