using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>One node of a fleet: an API over a real pipeline, with its own memory and its own connection to the engine.</summary>
internal sealed class FleetNode : IAsyncDisposable
{
    public const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private FleetNode(TestApi api, NodeEngine engine)
    {
        Api = api;
        Engine = engine;
    }

    public TestApi Api { get; }

    public NodeEngine Engine { get; }

    public OAuthIntrospectionCache Cache => Api.Services.GetRequiredService<OAuthIntrospectionCache>();

    public Fleet Fleet => Api.Services.GetRequiredService<Fleets>().All[0];

    /// <summary>Starts a node whose options are usable for the tests: time limits that no busy machine exceeds.</summary>
    public static async Task<FleetNode> StartAsync(
        FakeAuthorizationServer server,
        InMemoryFleetEngine shared,
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Action<NodeEngine>? fault = null
    )
    {
        var engine = new NodeEngine(shared);
        fault?.Invoke(engine);
        TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Time = time,
                Endpoints = static app =>
                    app.MapGet("/fresh", static context => context.Response.WriteAsync("fresh")).RequireFreshToken(TimeSpan.Zero),
                Services = collection =>
                {
                    collection.AddSingleton<ISharedCacheEngine>(engine);
                    collection
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.SharedCache.Timeout = TimeSpan.FromSeconds(30);
                            options.Timeout = TimeSpan.FromMinutes(1);
                            configure?.Invoke(options);
                            if (options.SharedCache.Secrets.Count == 0)
                                options.SharedCache.Secrets.Add(Secret);
                        });
                    services?.Invoke(collection);
                },
            }
        );
        var node = new FleetNode(api, engine);
        if (fault is null && time is null)
            await node.StartedAsync();
        return node;
    }

    /// <summary>Waits until the feeds were read and applied once.</summary>
    public Task StartedAsync() => Engine.Readings.WaitForAsync(static it => it.Previous is not null, Fleet.Secrets.Length);

    public Task AssertStatusAsync(string token, HttpStatusCode expected) => Api.AssertStatusAsync(token, expected);

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
