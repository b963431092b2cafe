using IntrospectionAuth.Caching;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Resilience;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Server;

/// <summary>What one scheme keeps when its options are reloaded: later options reuse it if they are equivalent.</summary>
internal sealed class SchemeState(CacheKeyBuilder keys, ClientTokens clientTokens, RareMessages rare, ILogger<ServerGuard> logger)
{
    private readonly Lock _lock = new();
    private (ServerIdentity Identity, ServerGuard Guard)? _latestGuard;
    private (ServerIdentity Identity, TokenSource Tokens)? _latestTokens;

    /// <summary>The guard in use; null before the first call.</summary>
    public ServerGuard? LatestGuard
    {
        get
        {
            lock (_lock)
                return _latestGuard?.Guard;
        }
    }

    /// <summary>Another server gets a new guard: what was true of the old one says nothing about the new one.</summary>
    public ServerGuard GetGuard(SchemeServer server)
    {
        lock (_lock)
        {
            bool isShared = _latestGuard is { } latest && latest.Identity.SharesGuardWith(server.Identity);
            ServerGuard guard = isShared ? _latestGuard!.Value.Guard : new ServerGuard(server.Scheme, rare, logger);
            _latestGuard = (server.Identity, guard);
            return guard;
        }
    }

    public TokenSource GetTokens(SchemeServer server, Uri endpoint)
    {
        lock (_lock)
        {
            if (_latestTokens is { } latest && latest.Tokens.IsAt(endpoint) && latest.Identity.SharesTokenWith(server.Identity))
                return latest.Tokens;

            TokenSource tokens = clientTokens.CreateSource(server.Scheme, endpoint);
            _latestTokens = (server.Identity, tokens);
            return tokens;
        }
    }

    public CacheKeyPrefix CreateKeyPrefix(SchemeServer server) => keys.CreatePrefix(server.Scheme, server.Identity.Entries);
}
