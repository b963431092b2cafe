using IntrospectionAuth.Calls;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Adds the services that find tenants.</summary>
internal static class TenantRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<TenantSource>();
        services.TryAddSingleton<TenantOptionsBuilder>();
        services.TryAddSingleton(static services => new TenantServices(
            services.GetRequiredService<ILoggerFactory>(),
            services.GetRequiredService<IServiceScopeFactory>(),
            services.GetRequiredService<IDataProtectionProvider>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IntrospectionMetrics>(),
            services.GetRequiredService<IntrospectionActivities>(),
            services.GetRequiredService<Fleets>(),
            services.GetRequiredService<FleetMetrics>(),
            services.GetRequiredService<DecisionLog>(),
            services.GetRequiredService<TokenFingerprints>(),
            services.GetRequiredService<ExchangeRecorder>(),
            services.GetService<ISharedCacheEngine>(),
            services.GetService<IHostEnvironment>()
        ));
        services.TryAddSingleton<SchemeTenants>();
        services.TryAddSingleton(static services => new OAuthIntrospectionTenants(services.GetRequiredService<SchemeTenants>()));
        services.TryAddSingleton(static services => new HandlerServices(
            services.GetRequiredService<CachingIntrospector>(),
            services.GetRequiredService<DPoPVerifier>(),
            services.GetRequiredService<DecisionRecorder>()
        )
        {
            Tenants = services.GetRequiredService<SchemeTenants>(),
        });
    }
}
