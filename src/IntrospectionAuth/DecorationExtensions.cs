using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Wraps a service that the application may have registered, so that it is not lost.</summary>
internal static class DecorationExtensions
{
    /// <summary>Registers a decorator around the service registered last, or around a default; again only if somebody registered another since.</summary>
    /// <remarks>The lifetime stays: what the service inside has from the container may differ from scope to scope. The framework's own default is made without reflection.</remarks>
    public static void Decorate<TService, TDefault, TDecorator>(
        this IServiceCollection services, Func<TService, TDecorator> decorate, Func<IServiceProvider, TDefault> createDefault)
        where TService : class
        where TDefault : class, TService
        where TDecorator : class, TService
    {
        ServiceDescriptor? existing = services.LastOrDefault(static descriptor => descriptor.ServiceType == typeof(TService) && !descriptor.IsKeyedService);
        if (existing is Decorated)
            return;

        // Kept under a key of its own, it is made and disposed of by the container, as before.
        object key = new();
        bool isDefault = existing is null || existing.ImplementationType == typeof(TDefault);
        if (!isDefault)
            services.Add(Rekey(existing!, key));

        services.Add(new Decorated(
            typeof(TService),
            services => decorate(isDefault ? createDefault(services) : services.GetRequiredKeyedService<TService>(key)),
            existing?.Lifetime ?? ServiceLifetime.Singleton));
    }

    private static ServiceDescriptor Rekey(ServiceDescriptor existing, object key) => existing switch
    {
        { ImplementationInstance: { } instance } => new(existing.ServiceType, key, instance),
        { ImplementationFactory: { } factory } => new(existing.ServiceType, key, (services, _) => factory(services), existing.Lifetime),
        _ => new(existing.ServiceType, key, existing.ImplementationType!, existing.Lifetime),
    };

    private sealed class Decorated(Type serviceType, Func<IServiceProvider, object> factory, ServiceLifetime lifetime)
        : ServiceDescriptor(serviceType, factory, lifetime);
}
