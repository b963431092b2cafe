using IntrospectionAuth;
using IntrospectionAuth.Caching;
using IntrospectionAuth.HealthChecks;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of the authorization servers that introspect tokens.</summary>
public static class OAuthIntrospectionHealthCheckExtensions
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    /// <summary>Adds a health check of the authorization server of one introspection scheme, or of all schemes.</summary>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The name of the health check.</param>
    /// <param name="scheme">The authentication scheme; <see langword="null"/> for all introspection schemes, of which
    /// the worst result is reported.</param>
    /// <param name="failureStatus">The status when tokens cannot be introspected; <see langword="null"/> for <see
    /// cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags that select health checks.</param>
    /// <param name="interval">How long a response counts, and the shortest time between two probes; <see langword="null"/> for 30
    /// seconds. More than zero.</param>
    /// <returns>The health checks builder.</returns>
    /// <remarks>
    /// A response to any request within the interval suffices. Otherwise a random token is introspected, at most once an interval, with the
    /// scheme's credentials, circuit breaker and limit, and <see cref="OAuthIntrospectionEvents.OnIntrospecting"/> is raised.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is zero or negative.</exception>
    public static IHealthChecksBuilder AddOAuthIntrospection(
        this IHealthChecksBuilder builder,
        string name = "oauth_introspection",
        string? scheme = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? interval = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        TimeSpan evidence = interval ?? s_interval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(evidence, TimeSpan.Zero, nameof(interval));

        // Adding the same check twice adds it once. The framework rejects another check of that name.
        var registered = new RegisteredHealthCheck(name, scheme, failureStatus, evidence);
        if (builder.Services.Any(descriptor => registered.Equals(descriptor.IsKeyedService ? null : descriptor.ImplementationInstance)))
            return builder;

        builder.Services.AddSingleton(registered);
        builder.Services.AddAuthentication();
        OAuthIntrospectionExtensions.AddIntrospection(builder.Services);
        builder.Services.TryAddSingleton<ServerProbes>();

        return builder.Add(new HealthCheckRegistration(name, services => Create(services, scheme, evidence), failureStatus, tags));
    }

    private static IntrospectionHealthCheck Create(IServiceProvider services, string? scheme, TimeSpan interval) =>
        new(
            scheme,
            interval,
            services.GetRequiredService<IAuthenticationSchemeProvider>(),
            services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>(),
            services.GetRequiredService<SchemeServers>(),
            services.GetRequiredService<Fleets>(),
            services.GetRequiredService<ServerProbes>(),
            services.GetRequiredService<IntrospectionCache>()
        );
}
