using System.Text;
using IntrospectionAuth.Testing.Behavior;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>An error response of the server (RFC 6749, section 5.2; RFC 6750, section 3).</summary>
internal sealed class ErrorResponse
{
    private readonly RequestDelegate _response;

    private ErrorResponse(int status, string? error, string? header = null, string value = "")
    {
        _response = CannedResponses.Fixed(
            status,
            error is null ? null : Encoding.UTF8.GetBytes($$"""{"error":"{{error}}"}"""),
            error is null ? null : "application/json",
            header is null ? null : [KeyValuePair.Create(header, value)]
        );
    }

    public static ErrorResponse MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, error: null, "Allow", "POST");

    public static ErrorResponse InvalidRequest { get; } = new(StatusCodes.Status400BadRequest, "invalid_request");

    public static ErrorResponse UnsupportedGrantType { get; } = new(StatusCodes.Status400BadRequest, "unsupported_grant_type");

    public static ErrorResponse InvalidClient(PresentedClientAuthentication presented, int status)
    {
        if (status != StatusCodes.Status401Unauthorized)
            return new(status, "invalid_client");
        if (presented.TriedBearer)
            return new(status, "invalid_token", "WWW-Authenticate", "Bearer error=\"invalid_token\"");

        return presented.TriedBasic
            ? new(status, "invalid_client", "WWW-Authenticate", "Basic realm=\"fake\"")
            : new(status, "invalid_client");
    }

    public Task WriteAsync(HttpContext context) => _response(context);
}
