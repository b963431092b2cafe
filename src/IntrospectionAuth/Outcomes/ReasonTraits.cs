using static IntrospectionAuth.Outcomes.Condition;
using static IntrospectionAuth.Outcomes.UnavailableReason;

namespace IntrospectionAuth.Outcomes;

/// <summary>
/// What an <see cref="UnavailableReason"/> means. <c>docs/resilience.md</c> has the same table, and a test compares them.
/// </summary>
/// <param name="Reason">The reason: the table is in the order of the enumeration.</param>
/// <param name="ErrorType">The <c>error.type</c> of metrics and traces; null when it is the status of the response.</param>
/// <param name="IsCalled">Whether the authorization server was called, or may have been.</param>
/// <param name="HasResponse">Whether it responded, usable or not.</param>
/// <param name="CountsAgainstServer">Whether the circuit breaker counts a failure of the authorization server.</param>
/// <param name="MayBeRetried">Whether a second attempt may succeed at once.</param>
/// <param name="AllowsStale">Whether a stale response may be used instead.</param>
/// <param name="QuestionsMetadata">Whether the endpoint or the keys may have moved, so that the metadata is fetched again.</param>
internal sealed record ReasonTraits(
    UnavailableReason Reason,
    string? ErrorType,
    bool IsCalled,
    bool HasResponse,
    Condition CountsAgainstServer,
    Condition MayBeRetried,
    Condition AllowsStale,
    Condition QuestionsMetadata
)
{
    // csharpier-ignore
    private static readonly ReasonTraits[] s_all =
    [
        //  reason                      error.type               called resp.  breaker        retry               stale           metadata
        new(Unreachable,                "connection_error",      true,  false, Yes,           IfConnectionFailed, Yes,            Yes),
        new(TimedOut,                   "timeout",               true,  false, Yes,           No,                 Yes,            Yes),
        new(ApplicationTimedOut,        "timeout",               true,  false, No,            No,                 Yes,            No),
        new(UnexpectedStatus,           null,                    true,  true,  IfServerError, IfGatewayError,     UnlessRejected, IfMoved),
        new(Refused,                    null,                    true,  true,  No,            No,                 No,             No),
        new(InvalidResponse,            "invalid_response",      true,  true,  No,            No,                 Yes,            No),
        new(NotDiscovered,              "not_discovered",        true,  true,  No,            No,                 Yes,            No),
        new(NotIssued,                  "not_issued",            true,  true,  No,            No,                 UnlessStatus,   IfMoved),
        new(ServerKeysNotFound,         "server_keys_not_found", true,  true,  IfServerError, IfGatewayError,     Yes,            Yes),
        new(ClientAuthenticationFailed, "client_authentication", true,  false, No,            No,                 No,             No),
        new(BackingOff,                 "retry_after",           false, false, No,            No,                 Yes,            No),
        new(CircuitOpen,                "circuit_open",          false, false, No,            No,                 Yes,            No),
        new(TooManyCalls,               "too_many_calls",        false, false, No,            No,                 No,             No),
        new(Superseded,                 "superseded",            true,  false, No,            No,                 No,             No),
        new(Stopped,                    "stopped",               false, false, No,            No,                 No,             No),
        new(TenantNotResolved,          "tenant_not_resolved",   false, false, No,            No,                 No,             No),
    ];

    public static ReasonTraits Of(UnavailableReason reason) => s_all[(int)reason];
}
