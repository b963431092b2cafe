using System.Net;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Tests.Outcomes;

public sealed class UnavailabilityTests
{
    [Theory]
    [InlineData(nameof(UnavailableReason.TimedOut), null, "timeout")]
    [InlineData(nameof(UnavailableReason.UnexpectedStatus), 500, "500")]
    [InlineData(nameof(UnavailableReason.UnexpectedStatus), 302, "302")]
    [InlineData(nameof(UnavailableReason.Refused), 401, "401")]
    [InlineData(nameof(UnavailableReason.InvalidResponse), null, "invalid_response")]
    [InlineData(nameof(UnavailableReason.ClientAuthentication), null, "client_authentication")]
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
    public void A_status_is_transient_or_a_failure_or_neither(int status, bool requestsBackOff, bool isTransient, bool isFailure)
    {
        var unavailability = new Unavailability(UnavailableReason.UnexpectedStatus)
        {
            StatusCode = (HttpStatusCode)status,
            RequestsBackOff = requestsBackOff,
        };

        Assert.Equal((isTransient, isFailure), (unavailability.IsTransient, unavailability.IsServerFailure));
    }

    [Fact]
    public void Failed_connections_are_repeated_and_mistakes_of_handlers_are_not()
    {
        Assert.True(new Unavailability(UnavailableReason.Unreachable) { Exception = new HttpRequestException("reset") }.IsTransient);
        Assert.True(new Unavailability(UnavailableReason.Unreachable) { Exception = new IOException("reset") }.IsTransient);
        Assert.False(
            new Unavailability(UnavailableReason.Unreachable) { Exception = new InvalidOperationException("a handler's") }.IsTransient
        );
    }
}
