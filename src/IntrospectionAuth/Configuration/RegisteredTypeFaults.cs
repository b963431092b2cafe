using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds types that the container is to create for requests, and that are wrong or not registered.</summary>
internal static class RegisteredTypeFaults
{
    /// <param name="options">The options.</param>
    /// <param name="registered">What is registered; null when the application's container does not say.</param>
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options, IServiceProviderIsService? registered)
    {
        if (options.EventsType is { } events)
        {
            if (!events.IsAssignableTo(typeof(OAuthIntrospectionEvents)))
                yield return $"EventsType is {events.Name}, which does not derive from OAuthIntrospectionEvents.";
            else if (FindFault(nameof(options.EventsType), events, registered) is { } fault)
                yield return fault;
        }

        if (options is { TenantKey: null, TenantResolverType: { } resolver })
        {
            if (!resolver.IsAssignableTo(typeof(IOAuthIntrospectionTenantResolver)))
                yield return $"TenantResolverType is {resolver.Name}, which does not implement IOAuthIntrospectionTenantResolver.";
            else if (FindFault(nameof(options.TenantResolverType), resolver, registered) is { } fault)
                yield return fault;
        }
    }

    private static string? FindFault(string option, Type type, IServiceProviderIsService? registered) =>
        registered?.IsService(type) == false
            ? $"{option} is {type.Name}, which is not registered. Register it: services.AddScoped<{type.Name}>()."
            : null;
}
