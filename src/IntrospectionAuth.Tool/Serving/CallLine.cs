using System.Globalization;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>One line for each request to a running <c>serve</c>.</summary>
internal static class CallLine
{
    public static string Describe(FakeAuthorizationServer server, IntrospectionCall call, HttpResponse response, DateTimeOffset now)
    {
        string time = now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string token = call.Token is { } value ? $" token {Fingerprint.Of(value)}" : "";
        bool isIntrospection = call.Path == new Uri(server.IntrospectionEndpoint).AbsolutePath;
        string outcome = response.StatusCode switch
        {
            StatusCodes.Status200OK when isIntrospection => server.IsActive(call.Token!) ? "active" : "not active",
            StatusCodes.Status401Unauthorized => "401: the client id, the secret or the method is not the one above",
            StatusCodes.Status404NotFound => "404: there is nothing at this path",
            var status => status.ToString(CultureInfo.InvariantCulture),
        };
        return $"{time}  {call.Method} {call.Path}{token}: {outcome}";
    }
}
