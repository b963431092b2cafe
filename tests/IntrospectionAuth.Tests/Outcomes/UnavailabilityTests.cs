using System.Net;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Tests.Outcomes;

public sealed class UnavailabilityTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(nameof(UnavailableReason.TimedOut), null, "timeout")]
    [InlineData(nameof(UnavailableReason.ApplicationTimedOut), null, "timeout")]
    [InlineData(nameof(UnavailableReason.UnexpectedStatus), 500, "500")]
    [InlineData(nameof(UnavailableReason.UnexpectedStatus), 302, "302")]
    [InlineData(nameof(UnavailableReason.Refused), 401, "401")]
    [InlineData(nameof(UnavailableReason.InvalidResponse), null, "invalid_response")]
    [InlineData(nameof(UnavailableReason.ClientAuthenticationFailed), null, "client_authentication")]
    [InlineData(nameof(UnavailableReason.BackingOff), null, "retry_after")]
    [InlineData(nameof(UnavailableReason.CircuitOpen), null, "circuit_open")]
    [InlineData(nameof(UnavailableReason.TooManyCalls), null, "too_many_calls")]
    [InlineData(nameof(UnavailableReason.Stopped), null, "stopped")]
    [InlineData(nameof(UnavailableReason.Unreachable), null, "connection_error")]
    public void Each_reason_has_a_short_name_for_metrics(string reason, int? status, string name) =>
        Assert.Equal(name, new Unavailability(Enum.Parse<UnavailableReason>(reason)) { StatusCode = (HttpStatusCode?)status }.ErrorType);

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "name_resolution_error")]
    [InlineData(HttpRequestError.SecureConnectionError, "secure_connection_error")]
    [InlineData(HttpRequestError.ResponseEnded, "response_ended")]
    [InlineData(HttpRequestError.ProxyTunnelError, "proxy_tunnel_error")]
    [InlineData(HttpRequestError.ConnectionError, "connection_error")]
    [InlineData(HttpRequestError.InvalidResponse, "connection_error")]
    [InlineData(HttpRequestError.Unknown, "connection_error")]
    public void A_failed_connection_is_named_by_what_failed(HttpRequestError error, string name) =>
        Assert.Equal(name, new Unavailability(UnavailableReason.Unreachable) { Exception = new HttpRequestException(error) }.ErrorType);

    [Theory]
    [InlineData(500, false, false, true)]
    [InlineData(501, false, false, true)]
    [InlineData(502, false, true, true)]
    [InlineData(503, false, true, true)]
    [InlineData(504, false, true, true)]
    [InlineData(599, false, false, true)]
    [InlineData(503, true, false, false)]
    [InlineData(429, true, false, false)]
    [InlineData(429, false, false, false)]
    [InlineData(404, false, false, false)]
    [InlineData(302, false, false, false)]
    public void A_status_may_be_retried_or_counts_against_the_server_or_neither(
        int status,
        bool requestsBackOff,
        bool mayBeRetried,
        bool countsAgainstServer
    )
    {
        var unavailability = new Unavailability(UnavailableReason.UnexpectedStatus)
        {
            StatusCode = (HttpStatusCode)status,
            RequestsBackOff = requestsBackOff,
            RequestedDelay = requestsBackOff ? TimeSpan.FromSeconds(1) : null,
        };

        Assert.Equal((mayBeRetried, countsAgainstServer), (unavailability.MayBeRetried, unavailability.CountsAgainstServer));
    }

    [Fact]
    public void Failed_connections_are_retried_and_exceptions_of_handlers_are_not()
    {
        Assert.True(Unreachable(new HttpRequestException("reset")).MayBeRetried);
        Assert.True(Unreachable(new IOException("reset")).MayBeRetried);
        Assert.False(Unreachable(new InvalidOperationException("a handler's")).MayBeRetried);
    }

    [Fact]
    public void A_fetch_that_was_retried_for_all_callers_is_not_retried_by_each() =>
        Assert.False((Unreachable(new HttpRequestException("reset")) with { WasRetried = true }).MayBeRetried);

    [Theory]
    [InlineData(10, 0, nameof(UnavailableReason.TimedOut))]
    [InlineData(5, 0, nameof(UnavailableReason.TimedOut))]
    [InlineData(10, 5, nameof(UnavailableReason.TimedOut))]
    [InlineData(10, 6, nameof(UnavailableReason.ApplicationTimedOut))]
    [InlineData(4, 0, nameof(UnavailableReason.TooManyCalls))]
    [InlineData(4, 4, nameof(UnavailableReason.TooManyCalls))]
    public void The_server_is_blamed_for_a_timeout_only_if_it_had_half_of_the_time(int elapsed, int applicationTime, string cause)
    {
        var timedOut = new Unavailability(UnavailableReason.TimedOut) { ApplicationTime = TimeSpan.FromSeconds(applicationTime) };

        Assert.Equal(cause, timedOut.FindTimeoutCause(TimeSpan.FromSeconds(elapsed), s_timeout).ToString());
    }

    [Theory]
    [InlineData(10, nameof(UnavailableReason.ApplicationTimedOut))]
    [InlineData(4, nameof(UnavailableReason.TooManyCalls))]
    public void The_server_is_not_blamed_while_the_code_of_the_application_runs(int elapsed, string cause)
    {
        var timedOut = new Unavailability(UnavailableReason.ApplicationTimedOut);

        Assert.Equal(cause, timedOut.FindTimeoutCause(TimeSpan.FromSeconds(elapsed), s_timeout).ToString());
    }

    private static Unavailability Unreachable(Exception exception) => new(UnavailableReason.Unreachable) { Exception = exception };
}
