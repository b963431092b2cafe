namespace IntrospectionAuth.Outcomes;

/// <summary>
/// Why there is no usable response. <see cref="ReasonTraits"/> states what each reason means for the call, the caller and the cache.
/// </summary>
internal enum UnavailableReason
{
    /// <summary>DNS, connection or TLS failed, the response broke off, or an HTTP handler threw.</summary>
    Unreachable,

    /// <summary>The authorization server did not send a complete response within the timeout.</summary>
    TimedOut,

    /// <summary>The application's own client authentication method or event handler used up the timeout.</summary>
    ApplicationTimedOut,

    /// <summary>The response has a status that says nothing about the token.</summary>
    UnexpectedStatus,

    /// <summary>The authorization server rejected this API's credentials or request: 400, 401 or 403.</summary>
    Refused,

    /// <summary>The response has status 200, but is not an introspection response.</summary>
    InvalidResponse,

    /// <summary>The authorization server has no usable metadata.</summary>
    NotDiscovered,

    /// <summary>The token endpoint did not issue a token for this API.</summary>
    NotIssued,

    /// <summary>The keys that verify signed responses cannot be fetched.</summary>
    ServerKeysNotFound,

    /// <summary>The client authentication method threw before anything was sent.</summary>
    ClientAuthenticationFailed,

    /// <summary>No call was made: the authorization server sent <c>Retry-After</c>.</summary>
    BackingOff,

    /// <summary>No call was made: the circuit breaker is open.</summary>
    CircuitOpen,

    /// <summary>No call was made: too many calls are in flight.</summary>
    TooManyCalls,

    /// <summary>Each response was superseded before it arrived: by a removal, or by a newer response that says the opposite.</summary>
    Superseded,

    /// <summary>The call was not made or not completed: the application is stopping.</summary>
    Stopped,

    /// <summary>The settings of the tenant cannot be used, or cannot be resolved.</summary>
    TenantNotResolved,
}
