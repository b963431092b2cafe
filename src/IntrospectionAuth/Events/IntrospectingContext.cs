using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnIntrospecting"/>.</summary>
/// <remarks>
/// There is no <c>HttpContext</c> here on purpose: the call belongs to no request. Its answer is shared by everybody who presents the
/// same token, so what is asked may depend on the token and on options, and on nothing else.
/// </remarks>
public sealed class IntrospectingContext
{
    internal IntrospectingContext(ClientAuthenticationContext authentication)
    {
        Scheme = authentication.Scheme;
        Options = authentication.Options;
        Token = authentication.Token;
        Request = authentication.Request;
        Parameters = authentication.Parameters;
        CancellationToken = authentication.CancellationToken;
    }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets the options of the scheme.</summary>
    public OAuthIntrospectionOptions Options { get; }

    /// <summary>Gets the token that is introspected.</summary>
    public string Token { get; }

    /// <summary>Gets the request that will be sent; its body is made of <see cref="Parameters"/>.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>Gets the form parameters, client authentication included.</summary>
    public IDictionary<string, string> Parameters { get; }

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}
