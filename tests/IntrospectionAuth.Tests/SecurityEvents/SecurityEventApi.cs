using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>An API that receives security events, and a server that introspects its tokens and signs its events.</summary>
/// <remarks>A token is three words: its subject, its session and its organization, for example <c>user-1.session-1.org-1</c>.</remarks>
internal sealed class SecurityEventApi : IAsyncDisposable
{
    public const string Path = "/security-events";
    public const string Audience = "https://api.example.com";
    public const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    public const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";
    public const string Ssf = "https://schemas.openid.net/secevent/ssf/event-type/";

    private readonly FakeAuthorizationServer _unused;
    private int _lastId;

    private SecurityEventApi(SignedServer server, TestApi api, FakeAuthorizationServer unused, ManualTimeProvider time)
    {
        (Server, Api, _unused, Time) = (server, api, unused, time);
    }

    public SignedServer Server { get; }

    public TestApi Api { get; }

    public ManualTimeProvider Time { get; }

    public static Task<SecurityEventApi> StartAsync(Action<SecurityEventEndpointOptions>? configure = null) =>
        StartAsync(
            (_, app) =>
                app.MapSecurityEvents(options =>
                {
                    options.Audiences.Add(Audience);
                    configure?.Invoke(options);
                })
        );

    public static async Task<SecurityEventApi> StartAsync(
        Action<SignedServer, WebApplication> endpoints,
        Action<SignedServer, IServiceCollection>? services = null
    )
    {
        SignedServer server = await SignedServer.StartAsync();
        server.Http.On("/introspect", IntrospectAsync);
        var unused = FakeAuthorizationServer.Create();
        var time = new ManualTimeProvider();
        TestApi api = await TestApi.StartAsync(
            unused,
            new TestApiSetup
            {
                Schemes = [],
                Time = time,
                Endpoints = app => endpoints(server, app),
                Services = it =>
                {
                    it.AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.Authority = server.Url;
                            options.ClientId = "api";
                            options.ClientSecret = "secret";
                        });
                    services?.Invoke(server, it);
                },
            }
        );
        return new(server, api, unused, time);
    }

    /// <summary>A token about one event, valid until a test changes it.</summary>
    public SignedResponse Create(string type, JsonNode? subject = null, JsonObject? payload = null)
    {
        SignedResponse token = Server.Create();
        token.Header["typ"] = "secevent+jwt";
        token.Claims = new JsonObject
        {
            ["iss"] = Server.Url,
            ["aud"] = Audience,
            ["iat"] = Time.GetUtcNow().ToUnixTimeSeconds(),
            ["jti"] = $"event-{Interlocked.Increment(ref _lastId)}",
            ["txn"] = "8675309",
            ["sub_id"] = subject ?? Subject("user-1"),
            ["events"] = new JsonObject { [type] = payload ?? [] },
        };
        return token;
    }

    public JsonObject Subject(string subject) =>
        new()
        {
            ["format"] = "iss_sub",
            ["iss"] = Server.Url,
            ["sub"] = subject,
        };

    public Task<HttpResponseMessage> PushAsync(SignedResponse token) => PushAsync(token.ToString());

    public async Task<HttpResponseMessage> PushAsync(
        string body,
        string? contentType = "application/secevent+jwt",
        string? authorization = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Api.Client.SendAsync(request);
    }

    /// <summary>Uses tokens, so that they are cached.</summary>
    public async Task UseAsync(params string[] tokens)
    {
        foreach (string token in tokens)
            await Api.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    /// <summary>Uses tokens again.</summary>
    /// <returns>For each token 1 when it was introspected again, otherwise 0.</returns>
    public async Task<string> FindRemovedAsync(params string[] tokens)
    {
        var removed = new StringBuilder();
        foreach (string token in tokens)
        {
            int before = Server.Introspections;
            await UseAsync(token);
            removed.Append(Server.Introspections - before);
        }

        return removed.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await _unused.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static async Task IntrospectAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        string[] words = form["token"].ToString().Split('.');
        var response = new JsonObject
        {
            ["active"] = true,
            ["scope"] = "read",
            ["sub"] = words[0],
            ["sid"] = words[1],
            ["org_id"] = words[2],
        };
        await MetadataServer.WriteAsync(context, response.ToJsonString());
    }
}
