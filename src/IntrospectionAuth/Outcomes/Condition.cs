namespace IntrospectionAuth.Outcomes;

/// <summary>When a column of <see cref="ReasonTraits"/> applies to an <see cref="Unavailability"/>.</summary>
internal enum Condition
{
    No,

    Yes,

    /// <summary>The connection failed; what another exception reports would only repeat.</summary>
    IfConnectionFailed,

    /// <summary>A gateway responded in place of the authorization server: 502, 504, or 503 without <c>Retry-After</c>.</summary>
    IfGatewayError,

    /// <summary>The status is 500 or higher, unless <c>Retry-After</c> asks to wait.</summary>
    IfServerError,

    /// <summary>The status says that the URL is no longer the right one: 3xx, 404, 405 or 410.</summary>
    IfMoved,

    /// <summary>The status does not reject the request or the token: not 400, 401, 403 or one that may mean "inactive".</summary>
    UnlessRejected,

    /// <summary>The response was 200 or there was none.</summary>
    UnlessStatus,
}
