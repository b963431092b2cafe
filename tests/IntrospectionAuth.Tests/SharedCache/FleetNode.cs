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
    public const string OtherSecret = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    /// <summary>Lets a clock that a test moves leap without the loss of the feed.</summary>
    public static Action<OAuthIntrospectionOptions> Patient { get; } =
        static options => options.SharedCache.FeedPatience = TimeSpan.FromHours(1);

    private FleetNode(TestApi api, NodeEngine engine)
    {
        Api = api;
        Engine = engine;

        // The node itself has subscribed before, so what is here has taken effect.
        api.Services.GetRequiredService<Fleets>().Received += (_, received) => Removals.Add(received.Removals.Count);
    }

    public TestApi Api { get; }

    public NodeEngine Engine { get; }

    /// <summary>The removals of other nodes that this node has applied: how many at once.</summary>
    public Journal<int> Removals { get; } = new();

    public OAuthIntrospectionCache Cache => Api.Services.GetRequiredService<OAuthIntrospectionCache>();

    public Fleet Fleet => Api.Services.GetRequiredService<Fleets>().All[0];

    /// <summary>Starts a node whose options are usable for the tests: time limits that no busy machine exceeds.</summary>
    public static async Task<FleetNode> StartAsync(
        FakeAuthorizationServer server,
        InMemoryFleetEngine shared,
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Action<NodeEngine>? fault = null,
        string scheme = OAuthIntrospectionDefaults.AuthenticationScheme,
        bool isFake = true
    )
    {
        var engine = new NodeEngine(shared);
        fault?.Invoke(engine);
        TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Time = time,
                Schemes = isFake ? [scheme] : [],
                Endpoints = static app =>
                {
                    app.MapGet("/fresh", static context => context.Response.WriteAsync("fresh")).RequireFreshToken(TimeSpan.Zero);
                    app.MapGet("/recent", static context => context.Response.WriteAsync("recent"))
                        .RequireFreshToken(TimeSpan.FromMinutes(1));
                },
                Services = collection =>
                {
                    collection.AddSingleton<ISharedCacheEngine>(engine);
                    collection
                        .AddAuthentication()
                        .AddOAuthIntrospection(
                            scheme,
                            options =>
                            {
                                options.SharedCache.Timeout = TimeSpan.FromSeconds(30);
                                options.Timeout = TimeSpan.FromMinutes(1);
                                configure?.Invoke(options);
                                if (options.SharedCache.Secrets.Count == 0)
                                    options.SharedCache.Secrets.Add(Secret);
                            }
                        );
                    services?.Invoke(collection);
                },
            }
        );
        var node = new FleetNode(api, engine);
        if (fault is null)
            await node.StartedAsync();
        return node;
    }

    /// <summary>Waits until each feed was read and applied once.</summary>
    public async Task StartedAsync()
    {
        foreach (string feed in Fleet.Secrets.Select(static secret => secret.FeedName))
        {
            await Engine.Readings.WaitForAsync(it => it.Feed == feed);
            Engine.Notify(); // the next reading, even where the clock stands still
            await Engine.Readings.WaitForAsync(it => it.Feed == feed && it.Previous is not null);
        }
    }

    /// <summary>Waits until a reading of the feed that begins now has ended.</summary>
    public async Task ReadAgainAsync()
    {
        int count = Engine.Readings.Count;
        for (int i = 1; i <= 2; i++)
        {
            Engine.Notify();
            await Engine.Readings.WaitForAsync(static _ => true, count + i);
        }
    }

    /// <summary>Ends a fault of the engine, and waits until the node has found that the engine works again.</summary>
    /// <remarks>
    /// The circuit breaker lets one operation try the engine: that of the background, or that of a request. Until it has succeeded, others
    /// are not attempted, so a request that follows at once may still be without the engine. An operation that began during the fault may
    /// fail late and renew the pause of the breaker, also after another one was attempted. So the clock moves on while none is attempted,
    /// and no further.
    /// </remarks>
    public async Task EndOutageAsync(ManualTimeProvider time, int outages = 1)
    {
        Engine.Heal();
        int before = CountOfRequests();
        Task works = Api.Log.WaitForAsync("SharedCacheWorks", outages);
        while (!works.IsCompleted)
        {
            int count = CountOfRequests();
            if (count == before || !Fleet.UsesEngine)
            {
                before = count;
                time.Advance(TimeSpan.FromSeconds(1));
            }

            await ReadAgainAsync();
        }

        await works;
    }

    /// <summary>How many operations were attempted that the breaker decides about.</summary>
    private int CountOfRequests() => Engine.Operations.Count(static it => it.Operation is "get" or "add" or "set" or "remove");

    public Task AssertStatusAsync(string token, HttpStatusCode expected) => Api.AssertStatusAsync(token, expected);

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
