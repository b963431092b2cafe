using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Wraps a service that the application may have registered, so that it is not lost.</summary>
internal static class DecorationExtensions
{
    /// <summary>Registers a decorator around the service registered last, or around a default; again only if somebody registered another since.</summary>
    /// <remarks>The lifetime stays: what the service inside has from the container may differ from scope to scope. The framework's own default is made without reflection.</remarks>
    public static void Decorate<TService, TDefault, TDecorator>(
        this IServiceCollection services,
        Func<TService, TDecorator> decorate,
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

        // Kept under a key of its own, it is made and disposed of by the container, as before.
        object key = new();
        bool isDefault = existing is null || existing.ImplementationType == typeof(TDefault);
        if (!isDefault)
            services.Add(Rekey(existing!, key));

        services.Add(
            new Decorated(
                typeof(TService),
                services => decorate(isDefault ? createDefault(services) : services.GetRequiredKeyedService<TService>(key)),
                existing?.Lifetime ?? ServiceLifetime.Singleton
            )
        );
    }

    /// <summary>
    /// Registers a class derived from the framework's default in its place, or a decorator around a service of the application's own.
    /// </summary>
    /// <remarks>For a service of which each request makes one: where nothing is to be wrapped, nothing is added to what it costs.</remarks>
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
            services.Decorate<TService, TDefault, TDecorator>(decorate, static _ => throw new UnreachableException());
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
