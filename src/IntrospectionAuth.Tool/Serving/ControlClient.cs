using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>Asks a running <c>serve</c> for tokens and revocations.</summary>
internal sealed class ControlClient(ToolHost host, Uri server)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <exception cref="UsageException">The text is not the URL of a <c>serve</c> on this machine.</exception>
    public static ControlClient Create(ToolHost host, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? server) && server.Scheme == Uri.UriSchemeHttp && ServerUrl.IsLoopback(server)
            ? new ControlClient(host, server)
            : throw new UsageException($"--url is not the address that 'dotnet introspection serve' prints, such as {Addresses.Default}.");

    /// <returns>The token.</returns>
    /// <exception cref="FailureException">No server does it.</exception>
    public async Task<string> IssueAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await PostAsync(ControlEndpoint.Tokens, request.ToForm(), cancellationToken);
        string token = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.OK && token.Length > 0 && token.All(char.IsAsciiLetterOrDigit)
            ? token
            : throw new FailureException(IsAnother);
    }

    /// <returns>Whether the server knew the token.</returns>
    /// <exception cref="FailureException">No server does it.</exception>
    public async Task<bool> RevokeAsync(string token, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await PostAsync(
            ControlEndpoint.Revocations,
            [KeyValuePair.Create("token", token)],
            cancellationToken
        );
        return response.StatusCode == HttpStatusCode.NoContent;
    }

    private async Task<HttpResponseMessage> PostAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>> form,
        CancellationToken cancellationToken
    )
    {
        string key = new KeyFile(host, server.Port).Read() ?? throw new FailureException(NotRunning);
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = s_timeout };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add(ControlEndpoint.KeyHeader, key);
        try
        {
            HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            return
                response.Headers.Contains(ControlEndpoint.MarkerHeader)
                && response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound
                ? response
                : throw new FailureException(IsAnother);
        }
        catch (Exception exception) when (exception is HttpRequestException || !cancellationToken.IsCancellationRequested)
        {
            throw exception as FailureException ?? new FailureException(NotRunning);
        }
    }

    private string IsAnother => $"{server} is another program, or a server of another user. Name yours with --url.";

    private string NotRunning =>
        $"No server runs at {server.GetLeftPart(UriPartial.Authority)}. Start one: dotnet introspection serve"
        + (server.Port == Addresses.DefaultPort ? "" : $" --port {server.Port}");
}
