namespace IntrospectionAuth.Diagnostics;

/// <summary>What was decided about the token of a request.</summary>
internal enum DecisionOutcome
{
    Accepted,

    /// <summary>The request has no token for the scheme, and was challenged.</summary>
    NoToken,

    Rejected,

    /// <summary>There is no usable response of the authorization server.</summary>
    Unavailable,
}
