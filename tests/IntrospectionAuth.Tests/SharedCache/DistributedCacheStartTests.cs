using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>What is wrong with a shared cache on an <see cref="IDistributedCache"/> when the application starts.</summary>
public sealed class DistributedCacheStartTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public Task A_missing_cache_is_rejected_and_the_message_says_what_to_register() =>
        AssertRejectedAsync(
            cache: null,
            static _ => { },
            "AddOAuthIntrospectionDistributedCache: no IDistributedCache is registered. Register the cache that all nodes share, for "
                + "example with AddDistributedSqlServerCache or AddCosmosCache; in a test, AddDistributedMemoryCache."
        );

    [Fact]
    public Task A_missing_secret_is_rejected() =>
        AssertRejectedAsync(
            new RecordingDistributedCache(_time),
            static options => options.SharedCache.Secrets.Clear(),
            "An engine for the shared cache is registered, but no scheme has SharedCache.Secrets. Set it to at least 32 random bytes in "
                + "base64, the same on every node, or remove the engine."
        );

    [Fact]
    public async Task A_cache_in_the_memory_of_the_process_is_warned_of()
    {
        var memory = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        await using TestApi local = await DistributedCacheNode.StartAsync(_server, memory, _time);
        await using TestApi shared = await DistributedCacheNode.StartAsync(_server, new RecordingDistributedCache(_time), _time);

        Assert.Equal(1, local.Log.Count("SharedCacheIsLocal"));
        Assert.Equal(0, shared.Log.Count("SharedCacheIsLocal"));
    }

    [Fact]
    public void An_engine_that_is_registered_before_stays_in_use()
    {
        var services = new ServiceCollection();

        services.AddSingleton<ISharedCacheEngine>(new NodeEngine(new InMemoryFleetEngine())).AddOAuthIntrospectionDistributedCache();

        Assert.Single(services, static service => service.ServiceType == typeof(ISharedCacheEngine));
    }

    private async Task AssertRejectedAsync(IDistributedCache? cache, Action<OAuthIntrospectionOptions> configure, string message)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DistributedCacheNode.StartAsync(_server, cache, _time, configure)
        );

        Assert.Equal(message, exception.Message);
    }
}
