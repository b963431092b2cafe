using System.Net.Sockets;
using System.Text;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Caching;

/// <summary>The number of introspection calls that requests to a real process cost, counted at the server.</summary>
public sealed class CallTests
{
    private const string Active = """{"active":true,"scope":"read"}""";

    [Fact]
    public async Task Ten_requests_with_one_token_make_one_call()
    {
        await using var server = new SocketServer();
        string token = server.RespondToNewToken(exchange => exchange.WriteJsonAsync(Active));
        await using SampleApi api = await HostedApi.StartAsync(server.Settings);

        for (int i = 0; i < 10; i++)
            Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        Assert.Equal(1, server.CallCount(token));
    }

    [Fact]
    public async Task An_inactive_token_is_introspected_once_while_its_response_is_cached()
    {
        await using var server = new SocketServer();
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:InactiveAge"] = "60";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        for (int i = 0; i < 10; i++)
            (await api.GetAsync("/read", "inactive")).AssertInvalidToken("The access token is not active.");

        Assert.Equal(1, server.CallCount("inactive"));
    }

    [Fact]
    public async Task Each_request_makes_a_call_when_no_response_may_be_cached()
    {
        await using var server = new SocketServer();
        string token = server.RespondToNewToken(exchange => exchange.WriteJsonAsync(Active));
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:MaximumAge"] = "0";
        settings["Cache:InactiveAge"] = "0";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
            Assert.Equal(401, (await api.GetAsync("/read", "inactive")).Status);
        }

        Assert.Equal((10, 10), (server.CallCount(token), server.CallCount("inactive")));
    }

    [Fact]
    public async Task An_endpoint_that_requires_a_fresh_token_introspects_every_time_while_others_use_the_cache()
    {
        await using var server = new SocketServer();
        string token = server.RespondToNewToken(exchange => exchange.WriteJsonAsync(Active));
        await using SampleApi api = await HostedApi.StartAsync(server.Settings);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await api.GetAsync("/pay", token)).Status);
            Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        }

        Assert.Equal(3, server.CallCount(token));
    }

    [Fact]
    public async Task The_health_check_reports_the_authorization_server_as_healthy()
    {
        await using var server = new SocketServer();
        await using SampleApi api = await HostedApi.StartAsync(server.Settings);

        ApiResponse healthy = await api.GetAsync("/health", token: null);

        Assert.Equal((200, "Healthy"), (healthy.Status, healthy.Body));
    }

    [Fact]
    public async Task Cache_Control_has_no_effect_unless_it_is_honored()
    {
        await AssertCallsAsync(honored: false, [1, 1, 1, 1, 1, 1]);
        await AssertCallsAsync(honored: true, [3, 3, 3, 3, 1, 1]);
    }

    private static async Task AssertCallsAsync(bool honored, int[] expected)
    {
        await using var server = new SocketServer();
        string[] headers =
        [
            "max-age=0, private, must-revalidate",
            "max-age=0",
            "no-store\nPragma: no-cache",
            "private, no-cache",
            "max-age=60",
            "private",
        ];
        string[] tokens =
        [
            .. headers.Select(header =>
                server.RespondToNewToken(exchange =>
                    exchange.WriteAsync("200 OK", $"Content-Type: application/json\nCache-Control: {header}", Active)
                )
            ),
        ];
        Dictionary<string, string> settings = server.Settings;
        if (honored)
            settings["Cache:HonorCacheControl"] = "true";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        foreach (string token in tokens.Concat(tokens).Concat(tokens))
            Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        Assert.Equal(expected, tokens.Select(server.CallCount));
    }

    [Fact]
    public async Task Two_hundred_simultaneous_requests_make_one_call()
    {
        await using var server = new SocketServer();
        using var allSent = new SemaphoreSlim(0);
        string token = server.RespondToNewToken(async exchange =>
        {
            await allSent.WaitAsync(exchange.Stopping);
            await exchange.WriteJsonAsync(Active);
        });
        Dictionary<string, string> settings = server.Settings;
        settings["Timeout"] = "60"; // the server holds its response until every request is on its way
        await using SampleApi api = await HostedApi.StartAsync(settings);

        TcpClient[] callers = [.. Enumerable.Range(0, 200).Select(_ => new TcpClient())];
        await Task.WhenAll(callers.Select(caller => SendAsync(caller, api.Url, token)));
        allSent.Release(callers.Length);
        string[] responses = await Task.WhenAll(callers.Select(ReceiveAsync));

        Assert.All(responses, response => Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal));
        Assert.Equal(1, server.CallCount(token));
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_cancel_the_call_of_the_others()
    {
        await using var server = new SocketServer();
        using var received = new SemaphoreSlim(0);
        using var responding = new SemaphoreSlim(0);
        string token = server.RespondToNewToken(async exchange =>
        {
            received.Release();
            await responding.WaitAsync(exchange.Stopping);
            await exchange.WriteJsonAsync(Active);
        });
        Dictionary<string, string> settings = server.Settings;
        settings["Timeout"] = "60";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        using var cancellation = new CancellationTokenSource();
        Task<ApiResponse> first = api.SendAsync("/read", ["Bearer " + token], cancellation.Token);
        await received.WaitAsync();
        Task<ApiResponse> second = api.GetAsync("/read", token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        responding.Release(2);

        Assert.Equal(200, (await second).Status);
        Assert.Equal(1, server.CallCount(token));
    }

    private static async Task SendAsync(TcpClient caller, Uri api, string token)
    {
        await caller.ConnectAsync(api.Host, api.Port);
        string request = $"GET /read HTTP/1.1\r\nHost: {api.Authority}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n";
        await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
    }

    private static async Task<string> ReceiveAsync(TcpClient caller)
    {
        using TcpClient owned = caller;
        using var reader = new StreamReader(caller.GetStream());
        return await reader.ReadToEndAsync();
    }
}
