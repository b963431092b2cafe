using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Calls;

/// <summary>Begins to follow the feeds of removals when the application starts, for the first request to use shared responses.</summary>
internal sealed class FleetStart(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    Fleets fleets,
    EntryRemover remover,
    IServiceProvider services,
    ILogger<FleetStart> logger
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = remover; // created here, because it applies the removals of other nodes
        if (services.GetService(typeof(ISharedCacheEngine)) is not ISharedCacheEngine engine)
            return;

        bool isShared = false;
        string[] names = [.. (await schemes.GetIntrospectionSchemesAsync()).Select(static scheme => scheme.Name)];
        foreach (string scheme in names)
        {
            OAuthIntrospectionOptions current = options.Get(scheme);
            isShared |= fleets.Find(scheme, current) is not null || current.ResolvesTenants; // a tenant may have secrets
            if (current.DPoP.ReplayAcrossNodes == DPoPReplayAcrossNodes.Required && engine is not IFleetEngine)
            {
                throw new InvalidOperationException(
                    $"Scheme {scheme}: DPoP.ReplayAcrossNodes is Required, but the engine {engine.Name} cannot add keys in one step, so "
                        + "every DPoP request would get 503. Use Redis, or set DPoP.ReplayAcrossNodes to BestEffort."
                );
            }
        }

        // Schemes that are added at run time are not known yet.
        if (!isShared && names.Length > 0)
        {
            throw new InvalidOperationException(
                "An engine for the shared cache is registered, but no scheme has SharedCache.Secrets. Set it to at least 32 random bytes "
                    + "in base64, the same on every node, or remove the engine."
            );
        }

        if (engine is DistributedCacheEngine { IsLocal: true })
            logger.SharedCacheIsLocal(engine.Name);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
