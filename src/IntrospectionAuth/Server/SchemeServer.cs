using IntrospectionAuth.Caching;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Server;

/// <summary>The authorization server of a scheme as one instance of options describes it, with everything that is kept for it.</summary>
/// <remarks>
/// Each part is created on first use. Parts that are worth keeping when the options are reloaded come from <see cref="SchemeState"/>.
/// </remarks>
internal sealed class SchemeServer(IntrospectionScheme scheme, SchemeState state, Fleet? fleet)
{
    private ServerGuard? _guard;
    private TokenSource? _tokens;
    private CacheKeyPrefix? _keyPrefix;
    private ServerProbe? _probe;

    public IntrospectionScheme Scheme { get; } = scheme;

    public string Name => Scheme.Name;

    public OAuthIntrospectionOptions Options => Scheme.Options;

    public TimeProvider Time => Scheme.Time;

    public DateTimeOffset Now => Scheme.Now;

    public ServerIdentity Identity { get; } = new(scheme.Options);

    /// <summary>The nodes with which responses are shared; null when nothing is shared.</summary>
    public Fleet? Fleet { get; } = fleet;

    /// <summary>Whether a response in memory may be used: no other node can have removed it without this node knowing for long.</summary>
    public bool Trusts(DateTimeOffset obtainedAt, DateTimeOffset now) => Fleet is null || Fleet.Trusts(obtainedAt, now);

    /// <summary>Decides whether the server may be called now.</summary>
    public ServerGuard Guard => _guard ??= state.GetGuard(this);

    /// <summary>The part of every cache key that does not depend on the token.</summary>
    public CacheKeyPrefix KeyPrefix => _keyPrefix is { IsCurrent: true } prefix ? prefix : _keyPrefix = state.CreateKeyPrefix(this);

    /// <summary>The token that this API obtains for itself at a token endpoint.</summary>
    public TokenSource GetTokens(Uri endpoint) =>
        _tokens is { } tokens && tokens.IsAt(endpoint) ? tokens : _tokens = state.GetTokens(this, endpoint);

    /// <summary>The health checks' last look at the server.</summary>
    public ServerProbe GetProbe(Func<SchemeServer, ServerProbe> create) =>
        LazyInitializer.EnsureInitialized(ref _probe, () => create(this));
}
