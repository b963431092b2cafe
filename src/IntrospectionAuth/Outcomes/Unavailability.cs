using System.Globalization;
using System.Net;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Outcomes;

/// <summary>Why there is no usable answer, and when to come again.</summary>
internal sealed class Unavailability(UnavailableReason reason)
{
    public UnavailableReason Reason { get; } = reason;

    /// <summary>When the caller may come again.</summary>
    public TimeSpan RetryAfter { get; init; } = RetryAfterReader.Default;

    /// <summary>Whether the server itself said so, and meant all callers: 429 or 503 with <c>Retry-After</c>.</summary>
    public bool RequestsBackOff { get; init; }

    /// <summary>The status of the response, when there was one.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The <c>error</c> of the response (RFC 6749, section 5.2), when it has a legible one.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What an operator should check when the credentials of this API are refused.</summary>
    public string? Advice { get; init; }

    /// <summary>
    /// Whether the refusal may be meant for the token instead: that shows in whether the server has accepted the same credentials before.
    /// </summary>
    public bool MayBeAboutToken { get; init; }

    /// <summary>Whether the status is one of <see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>.</summary>
    public bool MayMeanInactive { get; init; }

    /// <summary>What is wrong with a response that is not an answer, or with the server's metadata or keys.</summary>
    public string? Fault { get; init; }

    /// <summary>What the network or the client authentication threw.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether asking again at once may help: the connection failed, or a gateway answered in the server's place.</summary>
    public bool IsTransient =>
        !WasRepeated
        && Reason switch
        {
            UnavailableReason.Unreachable => TransientFailure.Is(Exception),
            UnavailableReason.UnexpectedStatus => TransientFailure.Is(StatusCode, isToldWhenToRetry: RequestsBackOff),
            _ => false,
        };

    /// <summary>Whether that has been done: a request for which many wait is repeated once for them all.</summary>
    public bool WasRepeated { get; set; }

    /// <summary>Whether the server has been asked, or might have been.</summary>
    public bool WasAsked =>
        Reason
            is not (
                UnavailableReason.BackingOff
                or UnavailableReason.CircuitOpen
                or UnavailableReason.TooManyCalls
                or UnavailableReason.Stopped
            );

    /// <summary>Whether it is the server that cannot answer: not this API's own limit, credentials or application.</summary>
    public bool IsServerSide =>
        Reason
            is UnavailableReason.Unreachable
                or UnavailableReason.TimedOut
                or UnavailableReason.UnexpectedStatus
                or UnavailableReason.InvalidResponse
                or UnavailableReason.NotDiscovered
                or UnavailableReason.ServerKeysNotFound
                or UnavailableReason.BackingOff
                or UnavailableReason.CircuitOpen
            ? !IsDecision
            : Reason == UnavailableReason.NotIssued && StatusCode is null;

    /// <summary>
    /// Whether the server has decided something about the request or the token, though it cannot be said what: no cached response may serve
    /// in its place.
    /// </summary>
    private bool IsDecision =>
        Reason == UnavailableReason.UnexpectedStatus
        && (MayMeanInactive || StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);

    /// <summary>False when the time was spent before anything was sent, or most of it: by the client authentication method, or by the application's event handler.</summary>
    public bool IsServerAsked { get; set; } = true;

    /// <summary>How long the attempt took before anything was sent.</summary>
    public TimeSpan Preparation { get; init; }

    /// <summary>When the attempt began, on the clock of the circuit breaker.</summary>
    public long? BegunAt { get; set; }

    /// <summary>Whether it speaks for a server that fails or hangs, whoever asks it about whatever.</summary>
    public bool IsServerFailure =>
        Reason == UnavailableReason.Unreachable
        || (Reason == UnavailableReason.TimedOut && IsServerAsked)
        || (
            Reason is UnavailableReason.UnexpectedStatus or UnavailableReason.ServerKeysNotFound
            && (int?)StatusCode >= 500
            && !RequestsBackOff
        );

    /// <summary>Whether the server did answer, usable or not.</summary>
    public bool HasResponded =>
        Reason
            is UnavailableReason.UnexpectedStatus
                or UnavailableReason.Refused
                or UnavailableReason.InvalidResponse
                or UnavailableReason.NotDiscovered
                or UnavailableReason.NotIssued
                or UnavailableReason.ServerKeysNotFound;

    /// <summary>Whether the metadata lacks what is needed now, or none of the keys that it leads to has signed the answer: it may be another by now.</summary>
    public bool DoubtsMetadata { get; init; }

    /// <summary>Whether it can be that the endpoint, or the keys, are no longer where they were: nobody is there, or what is there is something else.</summary>
    public bool MayHaveMoved =>
        DoubtsMetadata
        || Reason is UnavailableReason.Unreachable or UnavailableReason.ServerKeysNotFound
        || (Reason == UnavailableReason.TimedOut && IsServerAsked) // a host that was taken away refuses no connection
        || (
            Reason is UnavailableReason.UnexpectedStatus or UnavailableReason.NotIssued
            && (int?)StatusCode is (>= 300 and < 400) or 404 or 405 or 410
        );

    /// <summary>Whether the server had the whole timeout, however long this caller has waited: a search for its metadata is shared.</summary>
    public bool HadWholeTimeout { get; init; }

    /// <summary>The value of the attribute <c>error.type</c> of OpenTelemetry's semantic conventions: a status, or one of few words.</summary>
    public string ErrorType =>
        Reason switch
        {
            UnavailableReason.TimedOut => "timeout",
            UnavailableReason.UnexpectedStatus or UnavailableReason.Refused => ((int?)StatusCode ?? 0).ToString(
                CultureInfo.InvariantCulture
            ),
            UnavailableReason.InvalidResponse => "invalid_response",
            UnavailableReason.NotDiscovered => "not_discovered",
            UnavailableReason.NotIssued => "not_issued",
            UnavailableReason.ServerKeysNotFound => "server_keys_not_found",
            UnavailableReason.ClientAuthentication => "client_authentication",
            UnavailableReason.BackingOff => "retry_after",
            UnavailableReason.CircuitOpen => "circuit_open",
            UnavailableReason.TooManyCalls => "too_many_calls",
            UnavailableReason.Superseded => "superseded",
            UnavailableReason.Stopped => "stopped",
            _ => Exception is HttpRequestException exception ? NameOf(exception.HttpRequestError) : "connection_error",
        };

    /// <summary>What a response says that is neither what was asked for nor a word about this client.</summary>
    public static Unavailability OfStatus(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, now);
        bool isMeantForAll = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
        return new(UnavailableReason.UnexpectedStatus)
        {
            StatusCode = response.StatusCode,
            RetryAfter = retryAfter ?? RetryAfterReader.Default,
            RequestsBackOff = retryAfter is not null && isMeantForAll,
        };
    }

    /// <summary>The same response, which is no refusal of the credentials: the server has accepted them before.</summary>
    public Unavailability AsUnexpectedStatus() =>
        new(UnavailableReason.UnexpectedStatus)
        {
            StatusCode = StatusCode,
            ErrorCode = ErrorCode,
            RetryAfter = RetryAfter,
            RequestsBackOff = RequestsBackOff,
        };

    /// <summary>A copy for one of several callers: what is noted of its call is its own.</summary>
    public Unavailability Copy() => (Unavailability)MemberwiseClone();

    private static string NameOf(HttpRequestError error) =>
        error switch
        {
            HttpRequestError.NameResolutionError => "name_resolution_error",
            HttpRequestError.SecureConnectionError => "secure_connection_error",
            HttpRequestError.ResponseEnded => "response_ended",
            HttpRequestError.ProxyTunnelError => "proxy_tunnel_error",
            _ => "connection_error",
        };
}
