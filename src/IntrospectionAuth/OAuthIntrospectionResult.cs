using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>What <see cref="OAuthIntrospector"/> found out about a token: a principal, or the reason why there is none.</summary>
public sealed class OAuthIntrospectionResult
{
    private OAuthIntrospectionResult() { }

    /// <summary>Gets whether the token is accepted.</summary>
    [MemberNotNullWhen(true, nameof(Ticket), nameof(Principal))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Ticket is not null;

    /// <summary>Gets the principal of an accepted token.</summary>
    /// <value>An object of this caller alone: changing it affects nobody else. <see langword="null"/> when the token is not
    /// accepted.</value>
    public ClaimsPrincipal? Principal => Ticket?.Principal;

    /// <summary>Gets the ticket of an accepted token, as authentication of a request would yield it.</summary>
    /// <value><see langword="null"/> when the token is not accepted.</value>
    public AuthenticationTicket? Ticket { get; private init; }

    /// <summary>Gets why the token is not accepted.</summary>
    /// <value><see langword="null"/> when it is.</value>
    public OAuthIntrospectionFailure? Failure { get; private init; }

    /// <summary>
    /// Gets how long to wait before asking again when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/>.
    /// </summary>
    /// <value>Between 1 second and 5 minutes, or <see langword="null"/> for every other outcome.</value>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Gets what the network, the client authentication method, or the application's event reported.</summary>
    /// <value>
    /// May be set when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/> or
    /// <see cref="OAuthIntrospectionFailure.RejectedByApplication"/>; otherwise <see langword="null"/>.
    /// </value>
    public Exception? Exception { get; private init; }

    /// <summary>Gets when the authorization server was asked.</summary>
    /// <value><see langword="null"/> when it was not: the token is malformed, for example, or the server could not be asked.</value>
    public DateTimeOffset? ObtainedAt { get; private init; }

    /// <summary>Gets whether the response came from the cache.</summary>
    public bool IsFromCache { get; private init; }

    /// <summary>What was found in the response, for the log.</summary>
    internal string? Detail { get; private set; }

    internal static OAuthIntrospectionResult Success(AuthenticationTicket ticket, DateTimeOffset obtainedAt, bool isFromCache) =>
        new()
        {
            Ticket = ticket,
            ObtainedAt = obtainedAt,
            IsFromCache = isFromCache,
        };

    internal static OAuthIntrospectionResult Fail(OAuthIntrospectionFailure failure) => new() { Failure = failure };

    internal static OAuthIntrospectionResult Fail(
        OAuthIntrospectionFailure failure,
        DateTimeOffset obtainedAt,
        bool isFromCache,
        Exception? exception = null
    ) =>
        new()
        {
            Failure = failure,
            ObtainedAt = obtainedAt,
            IsFromCache = isFromCache,
            Exception = exception,
        };

    internal OAuthIntrospectionResult WithDetail(string? detail)
    {
        Detail = detail;
        return this;
    }

    internal static OAuthIntrospectionResult Unavailable(TimeSpan retryAfter, Exception? exception) =>
        new()
        {
            Failure = OAuthIntrospectionFailure.Unavailable,
            RetryAfter = retryAfter,
            Exception = exception,
        };
}
