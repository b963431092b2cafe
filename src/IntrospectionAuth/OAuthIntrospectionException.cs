using IntrospectionAuth.DPoP;
using IntrospectionAuth.Outcomes;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <summary>The failure in an <see cref="AuthenticateResult"/> of the introspection handler.</summary>
/// <remarks>
/// It is the value of <see cref="AuthenticateResult.Failure"/> and is never thrown. Its message is a fixed sentence for each
/// <see cref="OAuthIntrospectionFailure"/>.
/// </remarks>
public sealed class OAuthIntrospectionException : AuthenticationFailureException
{
    internal OAuthIntrospectionException(OAuthIntrospectionFailure failure, Exception? innerException = null)
        : base(FailureDescription.For(failure), innerException)
    {
        Failure = failure;
        RetryAfter = failure == OAuthIntrospectionFailure.Unavailable ? Unavailability.DefaultRetryAfter : null;
    }

    internal OAuthIntrospectionException(Unavailability unavailability)
        : this(OAuthIntrospectionFailure.Unavailable, unavailability.Exception)
    {
        RetryAfter = unavailability.RetryAfter;
        Unavailability = unavailability;
    }

    /// <summary>Gets why the request was not authenticated.</summary>
    public OAuthIntrospectionFailure Failure { get; }

    /// <summary>Gets the <c>Retry-After</c> of the response to the caller.</summary>
    /// <value>
    /// Between 1 second and 5 minutes when <see cref="Failure"/> is <see cref="OAuthIntrospectionFailure.Unavailable"/>; otherwise
    /// <see langword="null"/>.
    /// </value>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The nonce for the caller's next proof, for <see cref="OAuthIntrospectionFailure.NonceRequired"/>.</summary>
    internal string? Nonce { get; init; }

    /// <summary>What is wrong with the DPoP proof, if that is the failure.</summary>
    internal ProofFault ProofFault { get; init; }

    /// <summary>Why there is no usable response, if that is the failure.</summary>
    internal Unavailability? Unavailability { get; }

    /// <summary>The scheme that failed. A scheme that forwards authentication returns the failure of another scheme.</summary>
    internal string? Scheme { get; set; }
}
