using System.Globalization;
using System.Text;
using IntrospectionAuth.Interop.Servers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>The introspection endpoint of VMware Cloud Services: HTTP Basic with unencoded id and secret, refresh tokens only.</summary>
public sealed class VMwareCloudServer : IVendorServer<VMwareCloudServer>
{
    public const string ClientId = "csp+client%41";
    public const string ClientSecret = "p:ss w+rd%21/é";
    public const string PublicClientId = "csp-public";
    public const string RefreshToken = "csp-refresh";
    public const string UntypedToken = "csp-untyped";
    public const string ErrorTokenPrefix = "csp-error-";

    private readonly KestrelServer _server;

    private VMwareCloudServer(KestrelServer server) => _server = server;

    public Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal)
        {
            ["Provider"] = "VMwareCloud",
            ["Authority"] = _server.Url,
            ["ClientId"] = ClientId,
            ["ClientSecret"] = ClientSecret,
        };

    public int CallCount => _server.CallCount;

    public static async Task<VMwareCloudServer> StartAsync() => new(await KestrelServer.StartAsync(RespondAsync));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task RespondAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Method != "POST" || request.Path != "/csp/gateway/am/api/auth/introspect" || request.QueryString.HasValue)
        {
            await WriteErrorAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        // Every error in the header gets 400; there is no 401.
        string[] expected = [Basic(ClientId, ClientSecret), Basic(PublicClientId, "")];
        if (!expected.Contains(request.Headers.Authorization.ToString(), StringComparer.Ordinal))
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        string? form = await request.ReadFormLinesAsync();
        string token = form is null ? "" : request.Form["token"].ToString();
        if (form != $"token={token}")
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        if (token.StartsWith(ErrorTokenPrefix, StringComparison.Ordinal))
        {
            await WriteErrorAsync(context, int.Parse(token[ErrorTokenPrefix.Length..], CultureInfo.InvariantCulture));
            return;
        }

        await context.Response.WriteJsonAsync(
            token switch
            {
                RefreshToken => Active(",\"token_type\":\"refresh_token\""),
                UntypedToken => Active(""),
                _ => KestrelResponses.Inactive,
            }
        );
    }

    private static Task WriteErrorAsync(HttpContext context, int status) =>
        context.Response.WriteJsonAsync("""{"metadata":null,"traceId":"1","statusCode":0,"message":"error","requestId":"2"}""", status);

    private static string Active(string type)
    {
        string soon = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600).ToString(CultureInfo.InvariantCulture);
        const string organization = "1d2c6e26-2f2c-4d29-9a8b-3a1b0d5f6c7e";
        return $$"""{"active":true,"exp":{{soon}},"iat":1700000000,"orgId":"{{organization}}","sub":"vmware.com:a1b2"{{type}}}""";
    }

    private static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));
}
