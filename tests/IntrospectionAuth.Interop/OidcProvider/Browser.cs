using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>A user's browser, and the application that the user logs in to: the authorization code flow of OpenID Connect.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string Client = "api-web"; // clients.mjs registers it
    public const string Secret = "web-secret-0123456789";
    private const string Callback = "https://app.example.com/callback";

    private readonly string _issuer;
    private readonly HttpClient _client;
    private string? _idToken;

    public Browser(string issuer)
    {
        _issuer = issuer;
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = new CookieContainer(),
            }
        );
    }

    /// <summary>Logs in, unless there is a session, and obtains an access token.</summary>
    public async Task<string> LogInAsync(string user)
    {
        string query = await FollowAsync(
            $"{_issuer}/auth?client_id={Client}&response_type=code&scope=openid%20read&login_hint={user}"
                + $"&redirect_uri={Uri.EscapeDataString(Callback)}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, _issuer + "/token");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Client}:{Secret}"))
        );
        request.Content = new FormUrlEncodedContent([
            new("grant_type", "authorization_code"),
            new("code", Code().Match(query).Groups["code"].Value),
            new("redirect_uri", Callback),
        ]);
        using HttpResponseMessage response = await _client.SendAsync(request);
        JsonNode tokens = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        _idToken = tokens["id_token"]!.GetValue<string>();
        return tokens["access_token"]!.GetValue<string>();
    }

    /// <summary>Logs out at the authorization server, which has sent logout tokens when this ends (RP-Initiated Logout 1.0).</summary>
    public async Task LogOutAsync()
    {
        string page = await _client.GetStringAsync($"{_issuer}/session/end?id_token_hint={_idToken}");
        using var form = new FormUrlEncodedContent([new("xsrf", Xsrf().Match(page).Groups["value"].Value), new("logout", "yes")]);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(_issuer + "/session/end/confirm"), form);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Follows redirects until one leads to the application.</summary>
    private async Task<string> FollowAsync(string url)
    {
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(url));
            Assert.True(response.StatusCode == HttpStatusCode.SeeOther, await response.Content.ReadAsStringAsync());
            url = new Uri(new Uri(url), response.Headers.Location!).ToString();
            if (url.StartsWith(Callback, StringComparison.Ordinal))
                return url;
        }

        throw new InvalidOperationException("The authorization server redirects without end.");
    }

    [GeneratedRegex("[?&]code=(?<code>[^&]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex("name=\"xsrf\" value=\"(?<value>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Xsrf();
}
