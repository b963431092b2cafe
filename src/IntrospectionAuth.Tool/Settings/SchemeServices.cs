using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>The services of an application that has the scheme and nothing else: the library does the work.</summary>
internal static class SchemeServices
{
    public static ServiceProvider Create(SchemeSettings settings, ToolHost host, WarningRecorder warnings)
    {
        var services = new ServiceCollection();
        services.AddSingleton(settings.Configuration);
        services.AddSingleton(host.Time);
        services.AddSingleton<ISharedCacheEngine, UnusedEngine>();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(warnings));
        services.AddAuthentication().AddOAuthIntrospection(settings.Scheme);
        return services.BuildServiceProvider();
    }

    /// <summary>Lets settings of a shared cache be valid, as they are where the application registers an engine.</summary>
    private sealed class UnusedEngine : ISharedCacheEngine
    {
        public string Name => "none";

        public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

        public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
