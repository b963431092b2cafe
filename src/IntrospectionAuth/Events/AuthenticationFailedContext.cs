using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnAuthenticationFailed"/>.</summary>
/// <remarks><c>Success()</c> with a principal, <c>NoResult()</c> or <c>Fail(…)</c> replaces the result.</remarks>
public sealed class AuthenticationFailedContext : ResultContext<OAuthIntrospectionOptions>
{
    internal AuthenticationFailedContext(
        HttpContext context,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        OAuthIntrospectionException failure
    )
        : base(context, scheme, options) => Failure = failure;

    /// <summary>Gets the failure of the request.</summary>
    public OAuthIntrospectionException Failure { get; }

    /// <summary>Gets why the request was not authenticated.</summary>
    public OAuthIntrospectionFailure Reason => Failure.Failure;

    /// <summary>
    /// Gets the exception of the network or of client authentication when <see cref="Reason"/> is
    /// <see cref="OAuthIntrospectionFailure.Unavailable"/>.
    /// </summary>
    public Exception? Exception => Failure.InnerException;
}
