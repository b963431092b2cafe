using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>Where the connection comes from, and what is wrong with it at startup.</summary>
[Collection("Engines")]
public sealed class RegistrationTests
{
    [Fact]
    public async Task The_connection_is_that_of_the_scheme_that_names_one()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using WebApplication app = Build(services => services.AddOAuthIntrospectionRedis(), ("one", null), ("two", server.Address));
        await app.StartAsync();

        await AssertUsesAsync(app.Services, server);
    }

    [Fact]
    public async Task Without_a_setting_the_connection_in_the_container_is_used_and_not_closed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await using (
            WebApplication app = Build(
                services => services.AddSingleton<IConnectionMultiplexer>(_ => connection).AddOAuthIntrospectionRedis(),
                ("one", null)
            )
        )
        {
            await app.StartAsync();
            await AssertUsesAsync(app.Services, server);
        }
    }

    [Fact]
    public async Task A_connection_in_the_container_that_was_canceled_is_requested_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server.Address);
        int requests = 0;
        IServiceCollection services = new ServiceCollection().AddSingleton<IConnectionMultiplexer>(_ =>
            Interlocked.Increment(ref requests) == 1 ? throw new TaskCanceledException() : connection
        );
        services.AddAuthentication();
        await using var node = new TestEngine(services.AddOAuthIntrospectionRedis());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Engine.GetAsync("key", default));

        await node.WaitUntilItWorksAsync();

        Assert.Equal(2, requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_of_the_application_is_not_closed_with_the_engine(bool isAsync)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server.Address);
        int notified = 0;
        ServiceProvider services = new ServiceCollection().AddOAuthIntrospectionRedis(connection).BuildServiceProvider();
        await AssertUsesAsync(services, server);
        var engine = (IFleetEngine)services.GetRequiredService<ISharedCacheEngine>();
        await engine.SubscribeAsync("feed", () => Interlocked.Increment(ref notified), default);

        await DisposeAsync(services, isAsync);

        Assert.True(connection.IsConnected);
        await connection.GetSubscriber().PublishAsync(RedisChannel.Literal("{feed}:appended"), "");
        await connection.GetDatabase().PingAsync();
        Assert.Equal(0, notified);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_engine_closes_its_own_connection(bool isAsync)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        ServiceProvider services = new ServiceCollection().AddOAuthIntrospectionRedis(proxy.Address).BuildServiceProvider();
        var engine = services.GetRequiredService<ISharedCacheEngine>();
        await engine.SetAsync("key", [1], TimeSpan.FromMinutes(1), default);

        await DisposeAsync(services, isAsync);

        await proxy.WaitUntilIdleAsync().WaitAsync(TestEngine.Deadline, TimeProvider.System);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.GetAsync("key", default));
    }

    [Fact]
    public async Task The_rights_on_the_page_are_enough_for_every_operation()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "fleet.md"));
        string rights = page.Split('\n').Single(line => line.StartsWith("ACL SETUSER", StringComparison.Ordinal));
        await using RedisServer server = await RedisServer.StartAsync();
        await server.SendAsync(rights.Split(' '));
        await using var node = new TestEngine($"{server.Address},user=api,password=password");
        using var notified = new SemaphoreSlim(0);

        await node.Engine.SetAsync("ia:e:1", [1], TimeSpan.FromMinutes(1), default);
        Assert.NotNull(await node.Engine.GetAsync("ia:e:1", default));
        await node.Engine.RemoveAsync("ia:e:1", default);
        Assert.True(await node.Engine.TryAddAsync("ia:p:1", [1], TimeSpan.FromMinutes(1), default));
        await node.Engine.SubscribeAsync("ia:{1}", () => notified.Release(), default);
        FeedReading reading = await node.Engine.ReadAsync("ia:{1}", null, default);
        await node.Engine.AppendAsync("ia:{1}", [1], 10, default);
        reading = await node.Engine.ReadAsync("ia:{1}", reading, default);

        Assert.Single(reading.Messages);
        Assert.NotNull(reading.EngineTime);
        Assert.True(await notified.WaitAsync(TestEngine.Deadline));
        await Assert.ThrowsAsync<RedisServerException>(() => node.Engine.GetAsync("another", default));
    }

    [Fact]
    public void The_first_registered_engine_is_used()
    {
        var services = new ServiceCollection();

        services.AddOAuthIntrospectionRedis("localhost:1").AddOAuthIntrospectionRedis("localhost:2");

        Assert.Single(services, service => service.ServiceType == typeof(ISharedCacheEngine));
    }

    [Fact]
    public async Task Schemes_with_different_connections_are_rejected_at_startup()
    {
        await using WebApplication app = Build(
            services => services.AddOAuthIntrospectionRedis(),
            ("one", "localhost:1,password=the-password"),
            ("two", null),
            ("three", "localhost:2")
        );

        await AssertRejectedAsync(
            app,
            "The schemes 'one' and 'three' have different values of SharedCache:Redis. All schemes of an application share one engine: "
                + "set the same value, or set it for one of them."
        );
    }

    [Fact]
    public async Task A_registration_without_a_connection_is_rejected_at_startup()
    {
        await using WebApplication app = Build(services => services.AddOAuthIntrospectionRedis(), ("one", null));

        await AssertRejectedAsync(
            app,
            "AddOAuthIntrospectionRedis() has no connection to Redis. Set SharedCache:Redis of the scheme, pass a configuration string to "
                + "AddOAuthIntrospectionRedis, or register an IConnectionMultiplexer."
        );
    }

    [Theory]
    [InlineData("localhost:1,the-password=1")]
    [InlineData("localhost:1,ssl=the-password")]
    [InlineData("localhost:1,connectTimeout=the-password")]
    [InlineData("localhost:1,defaultDatabase=999999999999the-password")]
    [InlineData("password=the-password")]
    public async Task A_string_that_is_no_configuration_is_rejected_without_repeating_it(string configuration)
    {
        await using WebApplication app = Build(services => services.AddOAuthIntrospectionRedis(), ("one", configuration));

        await AssertRejectedAsync(
            app,
            "SharedCache:Redis of the scheme 'one' is not a configuration string of StackExchange.Redis, such as 'localhost:6379,ssl=true'."
        );
        var exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddOAuthIntrospectionRedis(configuration));
        Assert.DoesNotContain("the-password", exception.ToString(), StringComparison.Ordinal);
    }

    private static WebApplication Build(Action<IServiceCollection> configure, params (string Scheme, string? Redis)[] schemes)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>();
        builder.Services.AddRouting();
        foreach ((string scheme, string? redis) in schemes)
        {
            builder
                .Services.AddAuthentication()
                .AddOAuthIntrospection(
                    scheme,
                    options =>
                    {
                        options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                        options.ClientId = "api";
                        options.ClientSecret = "secret";
                        options.SharedCache.Redis = redis;
                        options.SharedCache.Secrets.Add(Convert.ToBase64String(new byte[32]));
                    }
                );
        }

        configure(builder.Services);
        return builder.Build();
    }

    private static async Task DisposeAsync(ServiceProvider services, bool isAsync)
    {
        if (isAsync)
            await services.DisposeAsync();
        else
            services.Dispose();
    }

    private static async Task AssertUsesAsync(IServiceProvider services, RedisServer server)
    {
        var engine = services.GetRequiredService<ISharedCacheEngine>();
        await engine.SetAsync("key", [1], TimeSpan.FromMinutes(1), default);
        Assert.Equal("Redis", engine.Name);
        Assert.Equal(":1", await server.SendAsync("EXISTS", "key"));
    }

    private static async Task AssertRejectedAsync(WebApplication app, string message)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(message, exception.Message);
        Assert.DoesNotContain("the-password", exception.ToString(), StringComparison.Ordinal);
    }
}
