using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.FakeServer;

public sealed class FakeAuthorizationServerTests
{
    public enum Host
    {
        InMemory,
        Listening,
    }

    [Theory]
    [InlineData(Host.InMemory)]
    [InlineData(Host.Listening)]
    public async Task It_introspects_the_tokens_that_it_issued_and_revoked(Host host)
    {
        await using FakeAuthorizationServer server = await StartAsync(host);
        string token = server.IssueToken("read", "write");

        string active = await IntrospectAsync(server, token);
        Assert.StartsWith("""{"active":true,"scope":"read write","client_id":""", active, StringComparison.Ordinal);

        Assert.True(server.Revoke(token));
        Assert.Equal("""{"active":false}""", await IntrospectAsync(server, token));
        Assert.Equal("""{"active":false}""", await IntrospectAsync(server, "never issued"));
        Assert.Equal(3, server.CallCount);
        Assert.Equal(2, server.CallsFor(token).Count);
    }

    [Fact]
    public async Task A_token_is_inactive_from_the_moment_it_expires()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        string token = server.IssueToken(it => it.Lifetime = TimeSpan.FromMinutes(1));

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Contains("\"active\":true", await IntrospectAsync(server, token), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"active":false}""", await IntrospectAsync(server, token));
    }

    [Theory]
    [InlineData(Host.InMemory)]
    [InlineData(Host.Listening)]
    public async Task A_late_response_waits_for_the_clock(Host host)
    {
        var time = new ManualTimeProvider();
        await using FakeAuthorizationServer server = await StartAsync(host, options => options.TimeProvider = time);
        server.RespondAfter(TimeSpan.FromSeconds(3));

        Task<string> asking = IntrospectAsync(server, "unknown");
        await server.WaitForCallsAsync(1);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("""{"active":false}""", await asking);
    }

    [Theory]
    [InlineData(Host.InMemory)]
    [InlineData(Host.Listening)]
    public async Task It_can_break_the_connection_for_a_number_of_calls(Host host)
    {
        await using FakeAuthorizationServer server = await StartAsync(host);
        server.Disconnect(calls: 1);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => IntrospectAsync(server, "unknown"));
        Assert.Equal("""{"active":false}""", await IntrospectAsync(server, "unknown"));
    }

    [Theory]
    [InlineData("client_secret_basic", HttpStatusCode.OK)]
    [InlineData("client_secret_post", HttpStatusCode.Unauthorized)]
    [InlineData("none", HttpStatusCode.Unauthorized)]
    public async Task It_can_require_a_client_authentication_method(string required, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create(options => options.RequiredClientAuthenticationMethod = required);
        using HttpResponseMessage response = await SendAsync(server, "unknown");

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Wrong_credentials_get_invalid_client()
    {
        await using var server = FakeAuthorizationServer.Create(options => options.ClientSecret = "right");
        using var client = new HttpClient(server.CreateHandler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("api:wrong"u8));

        using HttpResponseMessage response = await client.PostAsync(server.IntrospectionEndpoint, Form("unknown"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("""{"error":"invalid_client"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_call_is_recorded_with_its_client_authentication()
    {
        await using var server = FakeAuthorizationServer.Create();
        (await SendAsync(server, "asked about")).Dispose();

        IntrospectionCall call = Assert.Single(server.Calls);
        Assert.Equal("asked about", call.Token);
        Assert.Equal("POST", call.Method);
        Assert.Equal("client_secret_basic", call.ClientAuthentication.Method);
        Assert.Equal(server.ClientId, call.ClientAuthentication.ClientId);
        Assert.Equal(server.ClientSecret, call.ClientAuthentication.ClientSecret);
    }

    private static Task<FakeAuthorizationServer> StartAsync(Host host, Action<FakeAuthorizationServerOptions>? configure = null) =>
        host == Host.Listening
            ? FakeAuthorizationServer.ListenAsync(configure)
            : Task.FromResult(FakeAuthorizationServer.Create(configure));

    private static async Task<string> IntrospectAsync(FakeAuthorizationServer server, string token)
    {
        using HttpResponseMessage response = await SendAsync(server, token);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(FakeAuthorizationServer server, string token)
    {
        using var client = new HttpClient(server.CreateHandler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{server.ClientId}:{server.ClientSecret}"))
        );
        return await client.PostAsync(server.IntrospectionEndpoint, Form(token));
    }

    private static FormUrlEncodedContent Form(string token) => new([KeyValuePair.Create("token", token)]);
}
