using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>The result of <see cref="OAuthIntrospector"/> for a token: a principal, or the reason why there is none.</summary>
public sealed class OAuthIntrospectionResult
{
    private OAuthIntrospectionResult() { }

    /// <summary>Gets whether the token is accepted.</summary>
    [MemberNotNullWhen(true, nameof(Ticket), nameof(Principal))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Ticket is not null;

    /// <summary>Gets the principal of an accepted token.</summary>
    /// <value>A new object for each result, which may be changed. <see langword="null"/> when the token is not accepted.</value>
    public ClaimsPrincipal? Principal => Ticket?.Principal;

    /// <summary>Gets the ticket of an accepted token, the same as authentication of a request yields.</summary>
    /// <value><see langword="null"/> when the token is not accepted.</value>
    public AuthenticationTicket? Ticket { get; private init; }

    /// <summary>Gets why the token is not accepted.</summary>
    /// <value><see langword="null"/> when it is accepted.</value>
    public OAuthIntrospectionFailure? Failure { get; private init; }

    /// <summary>
    /// Gets how long to wait before the next attempt when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/>.
    /// </summary>
    /// <value>Between 1 second and 5 minutes; <see langword="null"/> for every other result.</value>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Gets the exception of the network, the client authentication method, or the application's event.</summary>
    /// <value>
    /// May be set when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/> or
    /// <see cref="OAuthIntrospectionFailure.RejectedByApplication"/>; otherwise <see langword="null"/>.
    /// </value>
    public Exception? Exception { get; private init; }

    /// <summary>Gets the time of the introspection request whose response was used.</summary>
    /// <value><see langword="null"/> when there is no response: the token is malformed, for example, or the server is unavailable.</value>
    public DateTimeOffset? ObtainedAt { get; private init; }

    /// <summary>Gets whether the response came from the cache.</summary>
    public bool IsFromCache { get; private init; }

    internal static OAuthIntrospectionResult Success(AuthenticationTicket ticket, in IntrospectedToken token) =>
        new()
        {
            Ticket = ticket,
            ObtainedAt = token.ObtainedAt,
            IsFromCache = token.IsFromCache,
        };

    internal static OAuthIntrospectionResult Fail(OAuthIntrospectionException failure) =>
        new()
        {
            Failure = failure.Failure,
            RetryAfter = failure.RetryAfter,
            Exception = failure.InnerException,
        };

    internal static OAuthIntrospectionResult Fail(
        OAuthIntrospectionFailure failure,
        in IntrospectedToken token,
        Exception? exception = null
    ) =>
        new()
        {
            Failure = failure,
            ObtainedAt = token.ObtainedAt,
            IsFromCache = token.IsFromCache,
            Exception = exception,
        };
}
