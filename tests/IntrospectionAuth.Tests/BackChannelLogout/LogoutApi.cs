using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.BackChannelLogout;

/// <summary>An API that receives logout tokens, and the authorization server that sends them.</summary>
internal sealed class LogoutApi : IAsyncDisposable
{
    public const string Path = "/backchannel-logout";
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private readonly Journal<string> _introspected = new();
    private readonly DiscoveryApi _api;
    private int _ids;

    private LogoutApi(SignedServer server, DiscoveryApi api, Journal<string> introspected) =>
        (Server, _api, _introspected) = (server, api, introspected);

    public SignedServer Server { get; }

    public ManualTimeProvider Time => _api.Time;

    public LogRecorder Log => _api.Signal;

    public HttpClient Client => _api.Client;

    public IServiceProvider Services => _api.Services;

    public static async Task<LogoutApi> StartAsync(
        Action<BackChannelLogoutOptions>? configure = null,
        Action<OAuthIntrospectionOptions>? scheme = null,
        Action<IServiceCollection>? services = null
    )
    {
        SignedServer server = await SignedServer.StartAsync();
        var introspected = new Journal<string>();
        server.Http.On("/introspect", context => IntrospectAsync(context, introspected));
        DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            scheme,
            services,
            endpoints: app =>
            {
                if (configure is null)
                    app.MapBackChannelLogout();
                else
                    app.MapBackChannelLogout(configure);
            }
        );
        return new(server, api, introspected);
    }

    /// <summary>A logout token of the session s1 of the user u1, valid until a test changes it.</summary>
    public SignedResponse CreateToken()
    {
        SignedResponse token = Server.Create();
        long now = Time.GetUtcNow().ToUnixTimeSeconds();
        token.Header["typ"] = "logout+jwt";
        token.Claims = new JsonObject
        {
            ["iss"] = Server.Url,
            ["aud"] = "api",
            ["iat"] = now,
            ["exp"] = now + 120,
            ["jti"] = $"id-{Interlocked.Increment(ref _ids)}",
            ["sub"] = "u1",
            ["sid"] = "s1",
            ["events"] = new JsonObject { [Event] = new JsonObject() },
        };
        return token;
    }

    public Task<HttpResponseMessage> SendAsync(SignedResponse token) => SendAsync(token.ToString());

    public Task<HttpResponseMessage> SendAsync(string token) =>
        PostAsync(new FormUrlEncodedContent([new KeyValuePair<string, string>("logout_token", token)]));

    public async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using HttpContent owned = content;
        return await Client.PostAsync(Path, owned);
    }

    public async Task<int> GetStatusAsync(SignedResponse token)
    {
        using HttpResponseMessage response = await SendAsync(token);
        return (int)response.StatusCode;
    }

    /// <summary>Caches the responses about tokens. A token is the <c>sub</c> of its response, and after a dot its <c>sid</c>.</summary>
    public async Task UseAsync(params string[] tokens)
    {
        foreach (string token in tokens)
            Assert.Equal((int)HttpStatusCode.OK, await _api.GetAsync(token));
    }

    /// <summary>Finds which tokens are introspected again when they are used.</summary>
    public async Task<string[]> FindRemovedAsync(params string[] tokens)
    {
        int before = _introspected.Count;
        await UseAsync(tokens);
        return [.. _introspected.Skip(before)];
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static async Task IntrospectAsync(HttpContext context, Journal<string> introspected)
    {
        string token = (await context.Request.ReadFormAsync())["token"].ToString();
        introspected.Add(token);
        string[] parts = token.Split('.');
        var response = new JsonObject
        {
            ["active"] = true,
            ["scope"] = "read",
            ["sub"] = parts[0],
        };
        if (parts.Length > 1)
            response["sid"] = parts[1];
        await MetadataServer.WriteAsync(context, response.ToJsonString());
    }
}
