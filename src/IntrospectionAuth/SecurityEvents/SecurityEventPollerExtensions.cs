using IntrospectionAuth;
using IntrospectionAuth.Http;
using IntrospectionAuth.SecurityEvents;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pollers for security event tokens.</summary>
public static class SecurityEventPollerExtensions
{
    internal const int MaximumConnections = 8;

    /// <summary>
    /// Adds a poller that fetches security event tokens (RFC 8936) and removes the tokens of the subjects that they name. It is for APIs
    /// that a transmitter cannot reach.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the endpoint, the audience and the issuer.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// <para>
    /// It polls as long as the application runs, and backs off while the transmitter is unavailable. A token is acknowledged after the
    /// entries of its subjects were removed. Several calls add several pollers.
    /// </para>
    /// <para>
    /// A transmitter sends each event of a stream once. Instances of the application that do not share a cache need a stream each.
    /// </para>
    /// </remarks>
    public static IServiceCollection AddSecurityEventPoller(this IServiceCollection services, Action<SecurityEventPollerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddAuthentication();
        OAuthIntrospectionExtensions.AddIntrospection(services);
        services
            .AddHttpClient(OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName)
            .RemoveAllLoggers()
            .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan) // SecurityEventPollerOptions.Timeout applies.
            .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => ForeignResilience.Remove(handlers));

        var options = new SecurityEventPollerOptions();
        configure(options);
        return services.AddSingleton<IHostedService>(provider => new SecurityEventPoller(options, provider));
    }
}
