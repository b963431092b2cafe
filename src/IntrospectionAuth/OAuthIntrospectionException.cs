using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>The failure inside an <see cref="AuthenticateResult"/> of the introspection handler.</summary>
/// <remarks>It travels as a value, in <see cref="AuthenticateResult.Failure"/>, and is never thrown. Its message is a fixed sentence.</remarks>
public sealed class OAuthIntrospectionException : AuthenticationFailureException
{
    internal OAuthIntrospectionException(OAuthIntrospectionFailure failure, Exception? innerException = null, TimeSpan? retryAfter = null)
        : base(FailureDescription.For(failure), innerException)
    {
        Failure = failure;
        RetryAfter = retryAfter;
    }

    /// <summary>Gets why the request was not authenticated.</summary>
    public OAuthIntrospectionFailure Failure { get; }

    /// <summary>Gets how long the caller is asked to wait when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/>.</summary>
    /// <value>Between 1 second and 5 minutes, or <see langword="null"/> for every other failure.</value>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The nonce that the caller gets when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.NonceRequired"/>.</summary>
    internal string? Nonce { get; init; }

    /// <summary>The scheme that failed: another one may pass its failure on.</summary>
    internal string? Scheme { get; set; }
}
