using IntrospectionAuth.Caching;
using IntrospectionAuth.Server;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Support;

/// <summary>The cache keys of tokens, and the servers that they belong to, without a host.</summary>
internal sealed class CacheKeys
{
    private readonly SchemeServers _servers;
    private readonly CacheKeyBuilder _builder;

    public CacheKeys()
    {
        ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddAuthentication()
            .AddOAuthIntrospection()
            .Services.BuildServiceProvider();
        _servers = services.GetRequiredService<SchemeServers>();
        _builder = services.GetRequiredService<CacheKeyBuilder>();
    }

    public SchemeServer ServerOf(string scheme, OAuthIntrospectionOptions options) => _servers.Get(scheme, options);

    public CacheKey Build(string scheme, OAuthIntrospectionOptions options, ReadOnlySpan<char> token) =>
        _builder.Build(ServerOf(scheme, options).KeyPrefix, token);

    public List<(string Scheme, CacheKey Key)> BuildAll(ReadOnlySpan<char> token) => _builder.BuildAll(token);
}
