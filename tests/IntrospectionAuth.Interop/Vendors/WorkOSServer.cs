using System.Globalization;
using IntrospectionAuth.Interop.Servers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>WorkOS AuthKit's introspection endpoint as documented at workos.com/docs: four form parameters, no header.</summary>
public sealed class WorkOSServer : IVendorServer<WorkOSServer>
{
    public const string ClientId = "client_01EXAMPLE";
    public const string ClientSecret = "sk_test+a/b=c&d %41";
    public const string UserToken = "workos-user";
    public const string MachineToken = "workos-machine";
    public const string BareToken = "workos-bare";
    public const string RefreshToken = "workos-refresh";
    public const string ForeignToken = "workos-foreign-issuer";
    public const string ExpiredToken = "workos-expired";

    private readonly KestrelServer _server;

    private WorkOSServer(KestrelServer server) => _server = server;

    public string Domain => _server.Url;

    public Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal)
        {
            ["Provider"] = "WorkOS",
            ["Authority"] = Domain,
            ["ClientId"] = ClientId,
            ["ClientSecret"] = ClientSecret,
        };

    public int CallCount => _server.CallCount;

    public static async Task<WorkOSServer> StartAsync() => new(await KestrelServer.StartAsync(RespondAsync));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task RespondAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Method != "POST" || request.Path != "/oauth2/introspection" || request.QueryString.HasValue)
        {
            await context.Response.WriteJsonAsync("""{"message":"Not Found"}""", StatusCodes.Status404NotFound);
            return;
        }

        string? form = await request.ReadFormLinesAsync();
        string token = form is null ? "" : request.Form["token"].ToString();
        if (
            request.Headers.Authorization.Count > 0
            || form != $"client_id={ClientId}\nclient_secret={ClientSecret}\ntoken={token}\ntoken_type_hint=access_token"
        )
        {
            await context.Response.WriteJsonAsync(
                """{"error":"invalid_client","error_description":"Invalid client."}""",
                StatusCodes.Status401Unauthorized
            );
            return;
        }

        string issuer = $"http://{request.Host}";
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await context.Response.WriteJsonAsync(
            token switch
            {
                UserToken => Token(
                    issuer,
                    "user_01",
                    $"""
                    "aud":"client_app","org_id":"org_01","sid":"session_01","jti":"01J","exp":{Number(now + 300)},"iat":1700000000
                    """
                ),
                MachineToken => Token(
                    issuer,
                    "client_app",
                    $"""
                    "org_id":"org_01","jti":"01J","exp":{Number(now + 300)},"iat":1700000000
                    """
                ),
                BareToken => Token(issuer, "user_01", "\"iat\":1700000000"),
                ForeignToken => Token("https://other.authkit.app", "user_01", "\"iat\":1700000000"),
                ExpiredToken => Token(issuer, "user_01", "\"exp\":1700000300,\"iat\":1700000000"),
                RefreshToken => Token(issuer, "user_01", "\"iat\":1700000000")
                    .Replace("access_token", "refresh_token", StringComparison.Ordinal),
                _ => KestrelResponses.Inactive,
            }
        );
    }

    private static string Token(string issuer, string subject, string more) =>
        $$"""{"active":true,"client_id":"client_app","iss":"{{issuer}}","sub":"{{subject}}",{{more}},"token_type":"access_token"}""";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
