using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace IntrospectionAuth.Outcomes;

/// <summary>Says in a phrase why there is no usable response: what the server or the network did, or why no call was made.</summary>
/// <remarks>It holds nothing of a response but its status, its error code and what a <see cref="Unavailability.Fault"/> names.</remarks>
internal static class UnavailabilityDescription
{
    public static string For(Unavailability unavailability, OAuthIntrospectionOptions options)
    {
        string text = unavailability.Reason switch
        {
            UnavailableReason.Unreachable => OfConnection(unavailability.Exception),
            UnavailableReason.TimedOut => $"no complete response within {LogText.Of(options.Timeout)} (Timeout)",
            UnavailableReason.ApplicationTimedOut =>
                $"no call in time: the application's own code used up {LogText.Of(options.Timeout)} (Timeout)",
            UnavailableReason.UnexpectedStatus => $"status {OfStatus(unavailability)}",
            UnavailableReason.Refused when unavailability.StatusCode is null => "the credentials that the server has just refused",
            UnavailableReason.Refused => $"status {OfStatus(unavailability)}: the server refuses this API's credentials or request",
            UnavailableReason.InvalidResponse => $"a response that cannot be used: {unavailability.Fault}",
            UnavailableReason.NotDiscovered => $"no usable metadata: {unavailability.Fault}",
            UnavailableReason.NotIssued => $"no token for this API from the token endpoint: {unavailability.Fault}",
            UnavailableReason.ServerKeysNotFound =>
                $"no keys that verify signatures: {unavailability.Fault ?? $"status {OfStatus(unavailability)}"}",
            UnavailableReason.ClientAuthenticationFailed =>
                $"no call: the client authentication method threw {NameOf(unavailability.Exception)}",
            UnavailableReason.BackingOff => $"no call for {LogText.Of(unavailability.RetryAfter)}: the server sent Retry-After",
            UnavailableReason.CircuitOpen => $"no call for {LogText.Of(unavailability.RetryAfter)}: the circuit breaker is open",
            UnavailableReason.TooManyCalls => "no call: too many are in flight",
            UnavailableReason.Superseded => "responses that removals or newer responses superseded before they arrived",
            UnavailableReason.TenantNotResolved => $"no call: {unavailability.Fault}",
            _ => "no call: the application is stopping",
        };
        return unavailability.Url is { } url ? $"{text}, at {url}" : text;
    }

    /// <summary>The status, its error code, and where a redirect leads.</summary>
    public static string OfStatus(Unavailability unavailability)
    {
        string text = ((int?)unavailability.StatusCode ?? 0).ToString(CultureInfo.InvariantCulture);
        if (unavailability.ErrorCode is { } code)
            text += $", error code {code}";
        if (unavailability.Location is { } location)
            text += $", a redirect to {location}";
        return text;
    }

    /// <summary>Names what the network did. The message of an exception of the application's own handlers may hold anything.</summary>
    public static string OfConnection(Exception? exception)
    {
        if (exception is not HttpRequestException request)
            return exception is null ? "no connection" : $"a broken connection ({NameOf(exception)})";

        return request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "a host name that cannot be resolved",
            HttpRequestError.SecureConnectionError => $"a TLS connection that failed: {DescribeTls(request.InnerException)}",
            HttpRequestError.ConnectionError => $"no connection: {DescribeSocket(request.InnerException)}",
            HttpRequestError.ResponseEnded => "a response that broke off",
            HttpRequestError.ProxyTunnelError => "a proxy that refuses the connection",
            HttpRequestError.Unknown when request.InnerException is IOException => "a connection that broke off",
            _ => $"no connection ({request.HttpRequestError})",
        };
    }

    private static string DescribeTls(Exception? exception) =>
        exception is AuthenticationException ? LogText.Escape(exception.Message).TrimEnd('.') : NameOf(exception);

    private static string DescribeSocket(Exception? exception) =>
        exception is SocketException socket
            ? socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.TimedOut => "the host does not respond",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the host cannot be reached",
                _ => socket.SocketErrorCode.ToString(),
            }
            : NameOf(exception);

    private static string NameOf(Exception? exception) => exception?.GetType().Name ?? "an exception";
}
