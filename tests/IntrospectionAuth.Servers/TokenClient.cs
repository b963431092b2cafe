using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace IntrospectionAuth.Servers;

/// <summary>A client that obtains tokens from a server, and revokes them.</summary>
/// <param name="tokenEndpoint">The token endpoint.</param>
/// <param name="revocationEndpoint">The revocation endpoint (RFC 7009).</param>
/// <param name="id">The client id.</param>
/// <param name="secret">The client secret.</param>
internal sealed class TokenClient(string tokenEndpoint, string revocationEndpoint, string id, string secret) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose() => _client.Dispose();

    /// <summary>Obtains a token of a user.</summary>
    public Task<IssuedTokens> IssueAsync(string scope, string user = "alice", string password = "alice-password") =>
        IssueAsync([("grant_type", "password"), ("scope", scope), ("username", user), ("password", password)]);

    /// <summary>Obtains a token by any grant.</summary>
    /// <param name="form">The form of the token request.</param>
    /// <param name="proof">The DPoP proof of the request.</param>
    public async Task<IssuedTokens> IssueAsync((string Name, string Value)[] form, string? proof = null)
    {
        JsonNode response = JsonNode.Parse(await PostAsync(tokenEndpoint, form, proof))!;
        return new(response["access_token"]!.GetValue<string>(), response["refresh_token"]?.GetValue<string>());
    }

    public Task RevokeAsync(string token) => PostAsync(revocationEndpoint, [("token", token)]);

    /// <summary>Sends a form without credentials.</summary>
    public async Task SendAsync(string url, (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(static it => KeyValuePair.Create(it.Name, it.Value)));
        using HttpResponseMessage response = await _client.PostAsync(new Uri(url), content);
        response.EnsureSuccessStatusCode();
    }

    private async Task<string> PostAsync(string url, (string Name, string Value)[] form, string? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(form.Select(static it => KeyValuePair.Create(it.Name, it.Value))),
        };
        // No secret here has a character that needs the encoding of RFC 6749, section 2.3.1, which not every server decodes.
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}"))
        );
        if (proof is not null)
            request.Headers.Add("DPoP", proof);

        using HttpResponseMessage response = await _client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? body
            : throw new InvalidOperationException($"{url} responded with {(int)response.StatusCode}: {body}");
    }
}

/// <summary>The tokens of one response.</summary>
internal sealed class IssuedTokens(string access, string? refresh)
{
    public string Access => access;

    public string Refresh => refresh ?? throw new InvalidOperationException("The server has issued no refresh token.");
}
