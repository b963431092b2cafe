using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Calls;

/// <summary>Begins to follow the feeds of removals when the application starts, for the first request to use shared responses.</summary>
internal sealed class FleetStart(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    Fleets fleets,
    EntryRemover remover,
    IServiceProvider services
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = remover; // created here, because it applies the removals of other nodes
        if (services.GetService(typeof(ISharedCacheEngine)) is null)
            return;

        bool isShared = false;
        foreach (AuthenticationScheme scheme in await schemes.GetAllSchemesAsync())
        {
            if (scheme.HandlerType == typeof(OAuthIntrospectionHandler))
                isShared |= fleets.Find(options.Get(scheme.Name)) is not null;
        }

        if (!isShared)
        {
            throw new InvalidOperationException(
                "An engine for the shared cache is registered, but no scheme has SharedCache.Secrets. Set it to at least 32 random bytes "
                    + "in base64, the same on every node, or remove the engine."
            );
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
