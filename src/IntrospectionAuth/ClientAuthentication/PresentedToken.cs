using System.Net.Http.Headers;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method in which the presented token itself authorizes the call. Its name is <c>presented_token</c>.</summary>
    /// <remarks>Attio works this way: there is no client to authenticate, and 401 says that the token is not active.</remarks>
    public static ClientAuthenticationMethod PresentedToken { get; } = Known(new PresentedTokenMethod());

    private sealed class PresentedTokenMethod() : ClientAuthenticationMethod("presented_token")
    {
        public override bool UsesPresentedToken => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.Token);
            return ValueTask.CompletedTask;
        }
    }
}
