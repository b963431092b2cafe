using System.Diagnostics;
using System.Net.Http.Headers;

namespace Fleet.Demo;

/// <summary>A node, and a client that sends requests to it.</summary>
internal sealed class Node(string name, WebApplication app) : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()) };

    public string Name => name;

    public async Task<NodeResponse> ReadAsync(string token)
    {
        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/read", token);
        return new NodeResponse(
            name,
            (int)response.StatusCode,
            response.Headers.TryGetValues(SourceReport.Header, out IEnumerable<string>? values) ? values.First() : "",
            Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Removes a token on this node. The feed reports it to the other nodes.</summary>
    public async Task ForgetAsync(string administrator, string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/forget", administrator, form);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await app.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, HttpContent? form = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request);
    }
}
