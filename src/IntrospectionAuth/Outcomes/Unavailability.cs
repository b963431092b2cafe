using System.Globalization;
using System.Net;

namespace IntrospectionAuth.Outcomes;

/// <summary>
/// Why there is no usable response, and when the caller may try again. <see cref="ReasonTraits"/> states what follows from it.
/// </summary>
internal sealed record Unavailability(UnavailableReason Reason)
{
    /// <summary>How long callers wait when the authorization server does not say.</summary>
    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long the caller should wait.</summary>
    public TimeSpan RetryAfter => RequestedDelay ?? DefaultRetryAfter;

    /// <summary>
    /// How long to wait according to the authorization server, or until calls are made again; null when neither is known.
    /// </summary>
    public TimeSpan? RequestedDelay { get; init; }

    /// <summary>Whether the authorization server asked all callers to wait: 429 or 503 with <c>Retry-After</c>.</summary>
    public bool RequestsBackOff { get; init; }

    /// <summary>The status of the response, when there was one.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The <c>error</c> of the response (RFC 6749, section 5.2), when it has a legible one.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The URL that was called, without user information and query; null when it is not known.</summary>
    public string? Url { get; init; }

    /// <summary>Where a redirect leads, without user information and query; null when it is not known.</summary>
    public string? Location { get; init; }

    /// <summary>What an operator should check when the credentials of this API are rejected.</summary>
    public string? Advice { get; init; }

    /// <summary>Whether the response may be about the token, not the credentials: it is, if the credentials were accepted before.</summary>
    public bool MayBeAboutToken { get; init; }

    /// <summary>Whether the status is one of <see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>.</summary>
    public bool MayMeanInactive { get; init; }

    /// <summary>What is wrong with the response, the metadata or the keys.</summary>
    public string? Fault { get; init; }

    /// <summary>What the network or the client authentication method threw.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether the connection presents a client certificate.</summary>
    public bool PresentsCertificate { get; init; }

    /// <summary>Whether the fetch was already retried on behalf of all callers that waited for it.</summary>
    public bool WasRetried { get; init; }

    /// <summary>Whether the metadata in use lacks what is needed, or leads to keys that did not sign the response.</summary>
    public bool ContradictsMetadata { get; init; }

    /// <summary>How much of the time of a call that timed out the application's own code took before the request was sent.</summary>
    public TimeSpan ApplicationTime { get; init; }

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='IsCalled']"/>
    public bool IsServerCalled => Traits.IsCalled;

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='HasResponse']"/>
    public bool HasResponse => Traits.HasResponse;

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='CountsAgainstServer']"/>
    public bool CountsAgainstServer => Is(Traits.CountsAgainstServer);

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='MayBeRetried']"/>
    public bool MayBeRetried => !WasRetried && Is(Traits.MayBeRetried);

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='AllowsStale']"/>
    public bool AllowsStale => Is(Traits.AllowsStale);

    /// <inheritdoc cref="ReasonTraits" path="/param[@name='QuestionsMetadata']"/>
    public bool QuestionsMetadata => ContradictsMetadata || Is(Traits.QuestionsMetadata);

    /// <summary>The value of the attribute <c>error.type</c> of OpenTelemetry's semantic conventions.</summary>
    public string ErrorType =>
        Exception is HttpRequestException exception && Reason == UnavailableReason.Unreachable
            ? NameOf(exception.HttpRequestError)
            : Traits.ErrorType ?? ((int?)StatusCode ?? 0).ToString(CultureInfo.InvariantCulture);

    private ReasonTraits Traits => ReasonTraits.Of(Reason);

    /// <summary>The same response, which does not reject the credentials: they were accepted before.</summary>
    public Unavailability AsUnexpectedStatus() =>
        this with
        {
            Reason = UnavailableReason.UnexpectedStatus,
            Advice = null,
            MayBeAboutToken = false,
        };

    /// <summary>
    /// Decides who used up the time of a call that timed out: other calls, while this one was queued; the application; or the authorization
    /// server, which is blamed only if it had at least half of that time.
    /// </summary>
    /// <param name="elapsed">How long ago the call left the queue.</param>
    /// <param name="timeout">The time that the call had, without what it waited for other nodes.</param>
    public UnavailableReason FindTimeoutCause(TimeSpan elapsed, TimeSpan timeout) =>
        elapsed < timeout / 2 ? UnavailableReason.TooManyCalls
        : Reason == UnavailableReason.ApplicationTimedOut || elapsed - ApplicationTime < timeout / 2 ? UnavailableReason.ApplicationTimedOut
        : UnavailableReason.TimedOut;

    private bool Is(Condition condition) =>
        condition switch
        {
            Condition.Yes => true,
            Condition.IfConnectionFailed => Exception is HttpRequestException or IOException,
            Condition.IfGatewayError => StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                || (StatusCode == HttpStatusCode.ServiceUnavailable && RequestedDelay is null),
            Condition.IfServerError => !RequestsBackOff && (int?)StatusCode >= 500,
            Condition.IfMoved => (int?)StatusCode is (>= 300 and < 400) or 404 or 405 or 410,
            Condition.UnlessRejected => !MayMeanInactive && (int?)StatusCode is not (400 or 401 or 403),
            Condition.UnlessStatus => StatusCode is null,
            _ => false,
        };

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
