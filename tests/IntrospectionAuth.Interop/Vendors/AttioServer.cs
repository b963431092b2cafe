using System.Globalization;
using IntrospectionAuth.Interop.Servers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>Attio's introspection endpoint as documented at docs.attio.com. The introspected token is the bearer credential.</summary>
public sealed class AttioServer : IVendorServer<AttioServer>
{
    public const string ActiveToken = "attio-active";
    public const string OtherActiveToken = "attio-active-too";
    public const string ReadToken = "attio-read";
    public const string ExpiringToken = "attio-expiring";
    public const string BareToken = "attio-bare";
    public const string ForeignToken = "attio-foreign-issuer";
    public const string InactiveToken = "attio-inactive";
    public const string UnauthorizedToken = "attio-unauthorized";
    public const string LimitedToken = "attio-limited";

    private readonly KestrelServer _server;

    private AttioServer(KestrelServer server) => _server = server;

    public Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal) { ["Provider"] = "Attio", ["IntrospectionEndpoint"] = _server.Url + "/oauth/introspect" };

    public int CallCount => _server.CallCount;

    public static async Task<AttioServer> StartAsync() => new(await KestrelServer.StartAsync(RespondAsync));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task RespondAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Method != "POST" || request.Path != "/oauth/introspect" || request.QueryString.HasValue)
        {
            await context.Response.WriteJsonAsync("""{"status_code":404,"type":"invalid_request_error"}""", StatusCodes.Status404NotFound);
            return;
        }

        // Attio has no client secret, so credentials are an error of the client.
        string? form = await request.ReadFormLinesAsync();
        bool hasCredentials = form?.Contains("client_", StringComparison.Ordinal) == true;
        if (
            hasCredentials
            || request.Headers.Authorization.Count != 1
            || !request.Headers.Authorization[0]!.StartsWith("Bearer ", StringComparison.Ordinal)
        )
        {
            await context.Response.WriteJsonAsync(
                """{"status_code":400,"type":"invalid_request_error"}""",
                StatusCodes.Status400BadRequest
            );
            return;
        }

        long soon = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600;
        switch (request.Headers.Authorization[0]!["Bearer ".Length..])
        {
            case ActiveToken or OtherActiveToken:
                await context.Response.WriteJsonAsync(Active("record_permission:read object_configuration:read", "null"));
                break;
            case ReadToken:
                await context.Response.WriteJsonAsync(Active("read", "null"));
                break;
            case ExpiringToken:
                await context.Response.WriteJsonAsync(Active("read", soon.ToString(CultureInfo.InvariantCulture)));
                break;
            case BareToken:
                await context.Response.WriteJsonAsync(
                    """{"active":true,"scope":"","client_id":"9a1f","token_type":"Bearer","exp":null,"iat":1700000000,"sub":"w","aud":"9a1f","iss":"attio.com"}"""
                );
                break;
            case ForeignToken:
                await context.Response.WriteJsonAsync(
                    Active("read", "null").Replace("\"attio.com\"", "\"https://attio.com\"", StringComparison.Ordinal)
                );
                break;
            case UnauthorizedToken:
                await context.Response.WriteJsonAsync("""{"status_code":401,"type":"auth_error"}""", StatusCodes.Status401Unauthorized);
                break;
            case LimitedToken:
                context.Response.Headers.RetryAfter = TimeProvider
                    .System.GetUtcNow()
                    .AddSeconds(90)
                    .ToString("R", CultureInfo.InvariantCulture);
                await context.Response.WriteJsonAsync(
                    """{"status_code":429,"type":"rate_limit_error"}""",
                    StatusCodes.Status429TooManyRequests
                );
                break;
            default:
                await context.Response.WriteJsonAsync(KestrelResponses.Inactive);
                break;
        }
    }

    private static string Active(string scope, string expiry) =>
        $$"""
            {"active":true,"scope":"{{scope}}","client_id":"9a1f","token_type":"Bearer","exp":{{expiry}},"iat":1700000000,
             "sub":"14beef7a-99f7-4534-a87e-70b564330a4c","aud":"9a1f","iss":"attio.com","authorized_by_workspace_member_id":"50cf242c-7fa3-4cad-87d0-75b1af71c57b",
             "workspace_id":"14beef7a-99f7-4534-a87e-70b564330a4c","workspace_name":"Basepoint","workspace_slug":"basepoint","workspace_logo_url":null}
            """;
}
