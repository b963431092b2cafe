using IntrospectionAuth.Events;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnForbidden"/>: an authenticated caller lacks permission.</summary>
public sealed class ForbiddenContext : PropertiesContext<OAuthIntrospectionOptions>
{
    internal ForbiddenContext(
        HttpContext context,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        AuthenticationProperties properties
    )
        : base(context, scheme, options, properties) { }

    /// <summary>Gets or sets the scopes that the endpoint requires, separated by spaces.</summary>
    /// <value><see langword="null"/> when no scope is missing. The caller then gets 403 without a challenge.</value>
    public string? Scope { get; set; }

    /// <summary>
    /// Gets whether the request presents its token with the authorization scheme <c>DPoP</c> (RFC 9449, section 7.1): then that is the
    /// scheme of the challenge too.
    /// </summary>
    public bool UsesDPoP { get; internal init; }

    /// <summary>Why the request is refused; null unless the caller may read it.</summary>
    internal Explanation? Explanation { get; init; }

    /// <summary>Gets whether the handler has written the response.</summary>
    public bool Handled { get; private set; }

    /// <summary>Says that the response is written: nothing is added to it.</summary>
    public void HandleResponse() => Handled = true;
}
