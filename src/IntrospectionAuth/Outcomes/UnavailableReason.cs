namespace IntrospectionAuth.Outcomes;

/// <summary>Why the authorization server gave no usable answer.</summary>
internal enum UnavailableReason
{
    /// <summary>DNS, connection, TLS, a response that broke off, or an HTTP handler that threw.</summary>
    Unreachable,

    /// <summary>No whole answer within the timeout.</summary>
    TimedOut,

    /// <summary>A status that says nothing about the token.</summary>
    UnexpectedStatus,

    /// <summary>The server refused this API's credentials or request: 400, 401 or 403.</summary>
    Refused,

    /// <summary>200 with something that is not an introspection answer.</summary>
    InvalidResponse,

    /// <summary>The server has no usable metadata that names its introspection endpoint.</summary>
    NotDiscovered,

    /// <summary>The token endpoint issued no token with which this API could ask.</summary>
    NotIssued,

    /// <summary>The server's answer is signed, or should be, but its keys cannot be had.</summary>
    ServerKeysNotFound,

    /// <summary>The client authentication method failed, before anything was sent.</summary>
    ClientAuthentication,

    /// <summary>Not asked: the server wants to be left alone (Retry-After).</summary>
    BackingOff,

    /// <summary>Not asked: the circuit breaker is open.</summary>
    CircuitOpen,

    /// <summary>Not asked: too many calls are under way.</summary>
    TooManyCalls,

    /// <summary>
    /// Answered, but each response was superseded before it came: by a removal, or by a newer one that says the opposite.
    /// </summary>
    Superseded,

    /// <summary>Not asked, or not to the end: the application stops.</summary>
    Stopped,
}
