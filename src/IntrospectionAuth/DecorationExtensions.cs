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

        bool isDefault = existing is null || existing.ImplementationType == typeof(TDefault);
        services.Add(new Decorated(
            typeof(TService),
            services => decorate(isDefault ? createDefault(services) : Resolve<TService>(services, existing!)),
            existing?.Lifetime ?? ServiceLifetime.Singleton));
    }

    private static TService Resolve<TService>(IServiceProvider services, ServiceDescriptor existing)
    {
        object? inner = existing switch
        {
            { ImplementationInstance: { } instance } => instance,
            { ImplementationFactory: { } factory } => factory(services),
            { ImplementationType: { } type } => ActivatorUtilities.CreateInstance(services, type),
            _ => null,
        };
        return (TService)inner!;
    }

    private sealed class Decorated(Type serviceType, Func<IServiceProvider, object> factory, ServiceLifetime lifetime)
        : ServiceDescriptor(serviceType, factory, lifetime);
}
