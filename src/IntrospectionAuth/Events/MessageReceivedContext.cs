using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnMessageReceived"/>.</summary>
/// <remarks>
/// Set <see cref="Token"/> to supply the token yourself; call <c>NoResult()</c> when the request is not this scheme's, or <c>Success()</c> or
/// <c>Fail(…)</c> to decide. When none of these is done, the <c>Authorization</c> header is read, and whatever <see cref="OAuthIntrospectionOptions.TokenRetrieval"/> allows.
/// </remarks>
public sealed class MessageReceivedContext : ResultContext<OAuthIntrospectionOptions>
{
    internal MessageReceivedContext(HttpContext context, AuthenticationScheme scheme, OAuthIntrospectionOptions options)
        : base(context, scheme, options) { }

    /// <summary>Gets or sets the token to introspect.</summary>
    /// <value>The default is <see langword="null"/>: read the header. It must look like a bearer token (RFC 6750, section 2.1), or the request is 400.</value>
    public string? Token { get; set; }
}
