using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Wraps a service that the application may have registered, so that it is not lost.</summary>
internal static class DecorationExtensions
{
    /// <summary>Registers a decorator around the service registered last, or around a default; again only if somebody registered another since.</summary>
    public static void Decorate<TService, TDecorator>(
        this IServiceCollection services, Func<IServiceProvider, TService, TDecorator> decorate, Func<IServiceProvider, TService> createDefault)
        where TService : class
        where TDecorator : class, TService
    {
        ServiceDescriptor? existing = services.LastOrDefault(static descriptor => descriptor.ServiceType == typeof(TService) && !descriptor.IsKeyedService);
        if (existing is Decorated)
            return;

        ServiceLifetime lifetime = existing?.Lifetime ?? ServiceLifetime.Singleton;
        services.Add(new Decorated(typeof(TService), services => decorate(services, Resolve(services, existing, createDefault)), lifetime));
    }

    private static TService Resolve<TService>(IServiceProvider services, ServiceDescriptor? existing, Func<IServiceProvider, TService> createDefault)
    {
        object? inner = existing switch
        {
            null => createDefault(services),
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
