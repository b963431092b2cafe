using System.Net;

namespace IntrospectionAuth.Http;

/// <summary>Recognizes failures that may be a moment's: the connection failed, or a gateway answered in the server's place.</summary>
internal static class TransientFailure
{
    public static bool Is(Exception? exception) => exception is HttpRequestException or IOException;

    /// <param name="status">The status of the response.</param>
    /// <param name="isToldWhenToRetry">Whether the server itself says when to come again: then not now.</param>
    public static bool Is(HttpStatusCode? status, bool isToldWhenToRetry) =>
        !isToldWhenToRetry && status is (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
}
