using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Registers decorators around services that the application may have registered itself.</summary>
internal static class DecorationExtensions
{
    /// <summary>
    /// Registers a decorator around the service that was registered last, or around a default. A second call does nothing unless another
    /// service was registered in between.
    /// </summary>
    /// <remarks>
    /// The lifetime stays the same, because the inner service may depend on scoped services. The framework's default is created without
    /// reflection.
    /// </remarks>
    public static void Decorate<TService, TDefault, TDecorator>(
        this IServiceCollection services,
        Func<IServiceProvider, TService, TDecorator> decorate,
        Func<IServiceProvider, TDefault> createDefault
    )
        where TService : class
        where TDefault : class, TService
        where TDecorator : class, TService
    {
        ServiceDescriptor? existing = services.LastOrDefault(static descriptor =>
            descriptor.ServiceType == typeof(TService) && !descriptor.IsKeyedService
        );
        if (existing is Decorated)
            return;

        // Under a key of its own the container still creates and disposes it.
        object key = new();
        bool isDefault = existing is null || existing.ImplementationType == typeof(TDefault);
        if (!isDefault)
            services.Add(Rekey(existing!, key));

        services.Add(
            new Decorated(
                typeof(TService),
                services => decorate(services, isDefault ? createDefault(services) : services.GetRequiredKeyedService<TService>(key)),
                existing?.Lifetime ?? ServiceLifetime.Singleton
            )
        );
    }

    /// <summary>
    /// Replaces the framework's default with a derived class, or registers a decorator around the application's own service.
    /// </summary>
    /// <remarks>For a transient service: a derived class costs a request nothing, a decorator costs an allocation.</remarks>
    public static void DecorateOrDerive<
        TService,
        TDefault,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDerived,
        TDecorator
    >(this IServiceCollection services, Func<TService, TDecorator> decorate)
        where TService : class
        where TDefault : class, TService
        where TDerived : class, TDefault
        where TDecorator : class, TService
    {
        ServiceDescriptor? existing = services.LastOrDefault(static descriptor =>
            descriptor.ServiceType == typeof(TService) && !descriptor.IsKeyedService
        );
        if (existing?.ImplementationType == typeof(TDefault))
            services[services.IndexOf(existing)] = new ServiceDescriptor(typeof(TService), typeof(TDerived), existing.Lifetime);
        else if (existing is not null && existing.ImplementationType != typeof(TDerived))
            services.Decorate<TService, TDefault, TDecorator>((_, inner) => decorate(inner), static _ => throw new UnreachableException());
    }

    private static ServiceDescriptor Rekey(ServiceDescriptor existing, object key) =>
        existing switch
        {
            { ImplementationInstance: { } instance } => new(existing.ServiceType, key, instance),
            { ImplementationFactory: { } factory } => new(existing.ServiceType, key, (services, _) => factory(services), existing.Lifetime),
            _ => new(existing.ServiceType, key, existing.ImplementationType!, existing.Lifetime),
        };

    private sealed class Decorated(Type serviceType, Func<IServiceProvider, object> factory, ServiceLifetime lifetime)
        : ServiceDescriptor(serviceType, factory, lifetime);
}
