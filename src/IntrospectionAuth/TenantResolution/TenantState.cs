using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// Everything that is kept for one tenant: objects of its own for each that a scheme has. So nothing of a tenant can reach another one,
/// regardless of the keys, and all of it ends together.
/// </summary>
internal sealed class TenantState : IAsyncDisposable
{
    private readonly string _scheme;
    private readonly string _name;
    private readonly TenantServices _shared;
    private readonly SchemeServers _servers;
    private readonly CachingIntrospector _introspector;
    private readonly DPoPVerifier _verifier;
    private readonly DecisionRecorder _decisions;
    private readonly CallRunner _runner;
    private readonly Fleets _fleets;
    private readonly IDisposable[] _ending;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TenantState(string scheme, string name, OAuthIntrospectionOptions options, TenantServices shared, UsedProofs usedProofs)
    {
        _scheme = scheme;
        _name = name;
        _shared = shared;
        Options = new TenantOptionsMonitor(options);

        var rare = new RareMessages();
        var application = new ApplicationCode();
        var http = new TenantHttpClients(scheme, Options, shared.Scopes);
        var certificates = new ClientCertificates(http, Logger<ClientCertificates>());
        http.Certificates = certificates;
        var authenticator = new ClientAuthenticator(
            new KeyFiles(Logger<KeyFiles>()),
            certificates,
            application,
            rare,
            Logger<ClientAuthenticator>()
        );

        var plainHttp = new PlainHttpWarnings(Logger<PlainHttpWarnings>());
        plainHttp.Note(scheme, options);
        var sender = new RequestSender(http);
        var fetch = new ServerFetch(sender, rare, Logger<ServerFetch>());
        var keySets = new KeySets(new KeySetClient(fetch, Logger<KeySets>()));
        Discovery = new ServerDiscovery(new MetadataClient(fetch), shared.Activities, plainHttp, Logger<ServerDiscovery>());
        var clientTokens = new ClientTokens(new TokenEndpointClient(fetch, authenticator));

        var events = new EventRaiser(shared.Scopes, application);
        var client = new IntrospectionClient(
            sender,
            authenticator,
            events,
            new ResponseAdapter(events),
            new ResponseMessageReader(new SignedResponseReader(keySets), rare, Logger<IntrospectionClient>()),
            shared.Exchanges,
            rare,
            Logger<IntrospectionClient>()
        );

        var keys = new CacheKeyBuilder();
        var cache = new IntrospectionCache(shared.Metrics, Logger<IntrospectionCache>());
        var calls = new InFlightCalls();
        var members = new RemovableMembers(keys, Options);
        _fleets = new Fleets(members, shared.FleetMetrics, Options, shared.Time, Logger<Fleets>(), shared.Engine, shared.Fleets);
        Remover = new EntryRemover(keys, calls, cache, members, _fleets);
        shared.Fleets.Received += Remover.OnReceived; // what is removed for a scheme is removed for its tenants
        _runner = new CallRunner(
            calls,
            new ServerIntrospector(client, Discovery, shared.Metrics, rare, Logger<ServerIntrospector>()),
            cache,
            new FleetCalls(cache, Remover, new FleetKeys(Discovery)),
            shared.Activities
        );
        _servers = new SchemeServers(keys, clientTokens, _fleets, shared.Metrics, rare, Logger<ServerGuard>());
        _introspector = new CachingIntrospector(
            _servers,
            keys,
            cache,
            calls,
            _runner,
            new BackgroundRefresh(calls, _runner, shared.Metrics, rare, Logger<BackgroundRefresh>()),
            Remover,
            shared.Metrics,
            Discovery
        );
        _verifier = new DPoPVerifier(
            usedProofs,
            new DPoPNonces(shared.DataProtection.CreateProtector("IntrospectionAuth.Tenant", options.TenantKey!)),
            rare,
            Logger<DPoPVerifier>()
        );
        _decisions = new DecisionRecorder(shared.Decisions, shared.Fingerprints, rare, shared.Environment);
        _ending = [keySets, Discovery, clientTokens, certificates, http];
    }

    public TenantOptionsMonitor Options { get; }

    public ServerDiscovery Discovery { get; }

    /// <summary>The authorization server, with the options of now.</summary>
    public SchemeServer Server => _servers.Get(_scheme, Options.Current);

    /// <summary>Completes when everything has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Removes cache entries of this tenant alone.</summary>
    public EntryRemover Remover { get; }

    /// <summary>What a request of the tenant uses, with the options of now.</summary>
    public HandlerServices CreateServices() =>
        new(_introspector, _verifier, _decisions) { TenantOptions = Options.Current, TenantLogger = Logger<OAuthIntrospectionHandler>() };

    public async ValueTask DisposeAsync()
    {
        _shared.Fleets.Received -= Remover.OnReceived;
        await _runner.DisposeAsync();
        await _fleets.DisposeAsync();
        foreach (IDisposable part in _ending)
            part.Dispose();
        _ended.SetResult();
    }

    private TenantLoggerOf<T> Logger<T>() => new(_shared.Loggers, _name);
}
