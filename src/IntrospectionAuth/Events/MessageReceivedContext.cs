using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnMessageReceived"/>.</summary>
/// <remarks>
/// Set <see cref="Token"/> to supply the token, call <c>NoResult()</c> when the request is not for this scheme, or call <c>Success()</c> or
/// <c>Fail(…)</c> to set the result. Otherwise the token is read from the <c>Authorization</c> header and the places that
/// <see cref="OAuthIntrospectionOptions.TokenRetrieval"/> allows.
/// </remarks>
public sealed class MessageReceivedContext : ResultContext<OAuthIntrospectionOptions>
{
    internal MessageReceivedContext(HttpContext context, AuthenticationScheme scheme, OAuthIntrospectionOptions options)
        : base(context, scheme, options) { }

    /// <summary>Gets or sets the token to introspect.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the token is read from the request. A value that is not a bearer token (RFC 6750, section
    /// 2.1) yields 400.
    /// </value>
    public string? Token { get; set; }
}
