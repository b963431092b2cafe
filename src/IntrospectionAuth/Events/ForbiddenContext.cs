using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnForbidden"/>: an authenticated caller may not do this.</summary>
public sealed class ForbiddenContext : PropertiesContext<OAuthIntrospectionOptions>
{
    internal ForbiddenContext(
        HttpContext context,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        AuthenticationProperties properties
    )
        : base(context, scheme, options, properties) { }

    /// <summary>Gets or sets the scopes that the endpoint needs, separated by spaces.</summary>
    /// <value><see langword="null"/> when something else than a scope is missing: the response is then a plain 403.</value>
    public string? Scope { get; set; }

    /// <summary>Gets whether the request presents its token with the authorization scheme <c>DPoP</c> (RFC 9449, section 7.1): then that is the scheme of the challenge too.</summary>
    public bool UsesDPoP { get; internal init; }

    /// <summary>Gets whether the handler has written the response.</summary>
    public bool Handled { get; private set; }

    /// <summary>Says that the response is written: nothing is added to it.</summary>
    public void HandleResponse() => Handled = true;
}
