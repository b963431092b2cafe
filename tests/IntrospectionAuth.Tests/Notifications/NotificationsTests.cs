using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;

namespace IntrospectionAuth.Tests.Notifications;

/// <summary>SignalR and WebSockets with tokens in the query: samples/Notifications, a real process, through real sockets.</summary>
public sealed class NotificationsTests(NotificationsSample fixture) : IClassFixture<NotificationsSample>, IDisposable
{
    private readonly FakeAuthorizationServer _server = fixture.Server;
    private readonly NotificationsProcess _sample = fixture.Process;
    private readonly int _callsBefore = fixture.Server.CallCount;

    /// <summary>X16: after each test, nothing that the sample has logged has a token.</summary>
    public void Dispose()
    {
        string log = _sample.Log;
        Assert.True(_server.CallCount > _callsBefore);
        Assert.All(_server.Calls, call => Assert.DoesNotContain(call.Token!, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_User_finds_only_the_subject_of_the_token()
    {
        using HubConnection seven = await HubConnection.ConnectAsync(_sample.Address, "access_token=" + Issue("user-7", "read"));
        using HubConnection eight = await HubConnection.ConnectAsync(_sample.Address, "access_token=" + Issue("user-8", "read"));

        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/notify/user-7?text=hello", Issue("clerk", "notify"));
        await seven.InvokeAsync("WhoAmI");
        await eight.InvokeAsync("WhoAmI");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonNode notified = (await seven.ReceiveAsync())!;
        Assert.Equal("notified hello", $"{notified["target"]} {notified["arguments"]![0]}");
        Assert.Equal("user-7", $"{(await seven.ReceiveAsync())!["result"]}");
        Assert.Equal("user-8", $"{(await eight.ReceiveAsync())!["result"]}"); // and nothing before it
    }

    [Fact]
    public async Task A_connection_is_negotiated_with_the_header_and_opened_with_the_query_at_the_cost_of_one_call()
    {
        string token = Issue("user-7", "read");

        using HttpResponseMessage negotiated = await SendAsync(HttpMethod.Post, "/hubs/notifications/negotiate?negotiateVersion=1", token);
        JsonNode connection = JsonNode.Parse(await negotiated.Content.ReadAsStringAsync())!;
        using HubConnection hub = await HubConnection.ConnectAsync(
            _sample.Address,
            $"id={connection["connectionToken"]}&access_token={token}"
        );
        await hub.InvokeAsync("WhoAmI");

        Assert.Equal("user-7", $"{(await hub.ReceiveAsync())!["result"]}");
        Assert.Single(_server.Calls, call => call.Token == token);
    }

    [Fact]
    public async Task Server_sent_events_are_opened_with_the_query_and_not_stored()
    {
        string token = Issue("user-7", "read");
        using HttpResponseMessage negotiated = await SendAsync(HttpMethod.Post, "/hubs/notifications/negotiate?negotiateVersion=1", token);
        JsonNode connection = JsonNode.Parse(await negotiated.Content.ReadAsStringAsync())!;
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/hubs/notifications?id={connection["connectionToken"]}&access_token={token}"
        );
        request.Headers.Accept.ParseAdd("text/event-stream");

        using HttpResponseMessage response = await _sample.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("200 text/event-stream", $"{(int)response.StatusCode} {response.Content.Headers.ContentType}");
        Assert.Equal("no-store, private", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_connection_ends_when_its_token_expires()
    {
        string token = IssueAtIntrospection("user-7", lifetime: TimeSpan.FromSeconds(3));
        using HubConnection hub = await HubConnection.ConnectAsync(_sample.Address, "access_token=" + token);

        JsonNode? last = await hub.ReceiveAsync();

        Assert.Equal(7, last?["type"]!.GetValue<int>() ?? 7); // "close", or closed at once
    }

    [Fact]
    public async Task Each_invocation_on_an_open_connection_checks_the_token_again()
    {
        await using NotificationsProcess sample = await NotificationsProcess.StartAsync(
            _server,
            "Cache:MaximumAge=00:00:00",
            "Resilience:Enabled=false"
        );
        string token = Issue("user-7", "read");
        using HubConnection hub = await HubConnection.ConnectAsync(sample.Address, "access_token=" + token);
        await hub.InvokeAsync("WhoAmI");
        Assert.Equal("user-7", $"{(await hub.ReceiveAsync())!["result"]}");

        _server.RespondWith(500, calls: 1);
        await hub.InvokeAsync("WhoAmI");
        Assert.Contains("cannot be checked", $"{(await hub.ReceiveAsync())!["error"]}", StringComparison.Ordinal);
        await hub.InvokeAsync("WhoAmI");
        Assert.Equal("user-7", $"{(await hub.ReceiveAsync())!["result"]}");

        _server.Revoke(token);
        await hub.InvokeAsync("WhoAmI");

        JsonNode? last = await hub.ReceiveAsync();
        Assert.Null(last?["result"]); // an error, or closed at once
        Assert.DoesNotContain(token, sample.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_without_SignalR_works_the_same()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Socket($"access_token={Issue("user-7", "read")}"), CancellationToken.None);

        byte[] buffer = new byte[64];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.Equal("user-7", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData("", null, HttpStatusCode.Unauthorized)]
    [InlineData("access_token=unknown-token-4711", null, HttpStatusCode.Unauthorized)]
    [InlineData("access_token=not+one", null, HttpStatusCode.BadRequest)]
    [InlineData("access_token={read}&access_token={read}", null, HttpStatusCode.BadRequest)]
    [InlineData("access_token={read}", "{read}", HttpStatusCode.BadRequest)]
    [InlineData("access_token={other}", null, HttpStatusCode.Forbidden)]
    [InlineData("access_token={read}", null, HttpStatusCode.SwitchingProtocols)]
    [InlineData("", "{read}", HttpStatusCode.SwitchingProtocols)]
    public async Task A_WebSocket_opens_only_for_one_active_token(string query, string? header, HttpStatusCode status)
    {
        string read = Issue("user-7", "read"),
            other = Issue("user-7", "other");
        (await SendAsync(HttpMethod.Get, "/hubs/notifications", read)).Dispose();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (header is not null)
            socket.Options.SetRequestHeader("Authorization", "Bearer " + read);

        Exception? exception = await Record.ExceptionAsync(() =>
            socket.ConnectAsync(
                Socket(query.Replace("{read}", read, StringComparison.Ordinal).Replace("{other}", other, StringComparison.Ordinal)),
                CancellationToken.None
            )
        );

        Assert.Equal(status, socket.HttpStatusCode);
        Assert.Equal(status != HttpStatusCode.SwitchingProtocols, exception is WebSocketException);
    }

    [Fact]
    public async Task The_query_of_another_path_does_not_open_a_connection()
    {
        string token = Issue("clerk", "notify");
        (await SendAsync(HttpMethod.Post, "/notify/user-7?text=hello", token)).Dispose();

        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            $"/notify/user-7?text=hello&access_token={token}",
            token: null
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>Issues a token whose lifetime begins when the sample introspects it: a slow connection does not shorten it.</summary>
    private string IssueAtIntrospection(string subject, TimeSpan lifetime)
    {
        string value = $"issued-late-{Guid.NewGuid():N}";
        _server.RespondWith(
            context =>
            {
                _server.IssueToken(token =>
                    (token.Value, token.Subject, token.Scopes, token.Lifetime) = (value, subject, ["read"], lifetime)
                );
                return _server.RespondNormallyAsync(context);
            },
            calls: 1
        );
        return value;
    }

    private string Issue(string subject, string scope) =>
        _server.IssueToken(token =>
        {
            token.Subject = subject;
            token.Scopes = [scope];
        });

    private Uri Socket(string query) =>
        new UriBuilder(_sample.Address)
        {
            Scheme = "ws",
            Path = "/sockets/whoami",
            Query = query,
        }.Uri;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _sample.Client.SendAsync(request);
    }
}
