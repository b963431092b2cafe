using IntrospectionAuth.Events;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>
/// The context of <see cref="OAuthIntrospectionEvents.OnChallenge"/>: the status and the header parameters of the challenge.
/// </summary>
public sealed class ChallengeContext : PropertiesContext<OAuthIntrospectionOptions>
{
    internal ChallengeContext(
        HttpContext context,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        AuthenticationProperties properties
    )
        : base(context, scheme, options, properties) { }

    /// <summary>Gets or sets the status: 400, 401 or 503.</summary>
    /// <remarks>The header <c>WWW-Authenticate</c> is written for 400 and 401, <c>Retry-After</c> for 503.</remarks>
    public int StatusCode { get; set; }

    /// <summary>Gets or sets the <c>error</c> code (RFC 6750, section 3.1; RFC 9470, section 3; RFC 9449, section 7.1).</summary>
    /// <value><see langword="null"/> when the request had no token.</value>
    public string? Error { get; set; }

    /// <summary>Gets or sets the <c>error_description</c>.</summary>
    /// <value><see langword="null"/> when there is no error, or <see cref="OAuthIntrospectionOptions.IncludeErrorDetails"/> is off.</value>
    public string? ErrorDescription { get; set; }

    /// <summary>Gets or sets the <c>error_uri</c>.</summary>
    public string? ErrorUri { get; set; }

    /// <summary>Gets or sets the <c>scope</c>: the scopes that the endpoint requires, separated by spaces.</summary>
    public string? Scope { get; set; }

    /// <summary>
    /// Gets or sets the <c>acr_values</c>: the accepted methods of authentication, separated by spaces (RFC 9470, section 3).
    /// </summary>
    /// <value>
    /// <see langword="null"/> unless <see cref="Error"/> is <c>insufficient_user_authentication</c> and the endpoint requires it.
    /// </value>
    public string? AcrValues { get; set; }

    /// <summary>
    /// Gets or sets the <c>max_age</c>: the maximum time since the user authenticated, in whole seconds (RFC 9470, section 3).
    /// </summary>
    /// <value>
    /// <see langword="null"/> unless <see cref="Error"/> is <c>insufficient_user_authentication</c> and the endpoint requires it.
    /// </value>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Gets or sets the <c>resource_metadata</c>: the URL of this API's metadata (RFC 9728, section 5.1).</summary>
    /// <value>Derived from <see cref="OAuthIntrospectionOptions.Resource"/>; <see langword="null"/> without it.</value>
    public string? ResourceMetadata { get; set; }

    /// <summary>Gets or sets the <c>Retry-After</c> of status 503.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Gets the failure of authentication.</summary>
    /// <value>
    /// <see langword="null"/> when authentication did not fail. An <see cref="OAuthIntrospectionException"/>, unless an event handler
    /// failed the request itself.
    /// </value>
    public Exception? AuthenticateFailure { get; internal init; }

    /// <summary>Whether only tokens with a DPoP proof are accepted.</summary>
    internal bool RequiresDPoP { get; init; }

    /// <summary>Whether the token was accepted and its user must authenticate again.</summary>
    internal bool IsStepUp { get; set; }

    /// <summary>Whether the token was not accepted, and another scheme would forbid the request.</summary>
    internal bool ReplacesForbidden { get; init; }

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
