using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnIntrospecting"/>.</summary>
/// <remarks>
/// The call belongs to no request, so there is no <c>HttpContext</c>. All callers that present the same token share the response, so the
/// introspection request may depend on the token and on options alone.
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

    /// <summary>Gets the request. Its body is created from <see cref="Parameters"/>.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>Gets the form parameters, client authentication included.</summary>
    public IDictionary<string, string> Parameters { get; }

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}
