using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A program that has a container and no host, so that no hosted service starts.</summary>
internal static class HostlessProgram
{
    /// <param name="server">The authorization server.</param>
    /// <param name="engine">The engine; null when nothing is shared.</param>
    public static ServiceProvider Create(FakeAuthorizationServer server, ISharedCacheEngine? engine)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        if (engine is not null)
            services.AddSingleton(engine);
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                if (engine is not null)
                    options.SharedCache.Secrets.Add(FleetNode.Secret);
            });
        services.UseFakeAuthorizationServer(server, OAuthIntrospectionDefaults.AuthenticationScheme);
        return services.BuildServiceProvider();
    }
}
