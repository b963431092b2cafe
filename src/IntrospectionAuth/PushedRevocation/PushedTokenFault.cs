namespace IntrospectionAuth.PushedRevocation;

/// <summary>Why a pushed token is rejected, as far as a response to its sender distinguishes it.</summary>
internal enum PushedTokenFault
{
    /// <summary>It is malformed, too long, of another type, not current, or lacks what it must say.</summary>
    InvalidToken,

    /// <summary>Its algorithm is not accepted, or none of the server's keys signed it.</summary>
    InvalidSignature,

    /// <summary>Its <c>iss</c> is another one.</summary>
    InvalidIssuer,

    /// <summary>Its <c>aud</c> does not name this API.</summary>
    InvalidAudience,

    /// <summary>It was received before.</summary>
    Replayed,

    /// <summary>The server's keys cannot be obtained, so nothing is known about the token.</summary>
    KeysUnavailable,
}
