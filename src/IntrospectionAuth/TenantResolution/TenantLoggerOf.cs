using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <inheritdoc/>
/// <typeparam name="T">The category.</typeparam>
internal sealed class TenantLoggerOf<T>(ILoggerFactory loggers, string tenant)
    : TenantLogger(loggers.CreateLogger<T>(), tenant),
        ILogger<T>;
