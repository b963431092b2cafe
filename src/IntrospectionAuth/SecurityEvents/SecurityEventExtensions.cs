using IntrospectionAuth;
using IntrospectionAuth.SecurityEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint to which a transmitter pushes security event tokens.</summary>
public static class SecurityEventExtensions
{
    /// <summary>
    /// Maps <c>/security-events</c>, which receives security event tokens (RFC 8935) and removes the tokens of the subjects that they
    /// name.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="configure">Sets the audience, the issuer and the path.</param>
    /// <returns>The endpoint, for rate limits.</returns>
    /// <remarks>
    /// <para>
    /// The events of CAEP 1.0 <c>session-revoked</c>, <c>token-claims-change</c> and <c>credential-change</c>, and those of RISC 1.0
    /// <c>account-disabled</c>, <c>account-purged</c>, <c>account-credential-change-required</c>, <c>credential-compromise</c> and
    /// <c>sessions-revoked</c> remove entries in every scheme. Other events remove nothing.
    /// </para>
    /// <para>
    /// Each token must be signed by the transmitter, and counts once. The endpoint handles POST and allows anonymous callers even with a
    /// fallback policy.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">An option is missing or invalid, or the scheme is not registered.</exception>
    public static IEndpointConventionBuilder MapSecurityEvents(
        this IEndpointRouteBuilder endpoints,
        Action<SecurityEventEndpointOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);

        var options = new SecurityEventEndpointOptions();
        configure(options);
        if (FindFault(options) is { } fault)
            throw new InvalidOperationException($"MapSecurityEvents: {fault}");

        SecurityEventReceiver receiver = SecurityEventReceivers.Create(
            "security_events",
            options,
            endpoints.ServiceProvider,
            nameof(MapSecurityEvents)
        );
        return endpoints
            .MapPost(options.Path, new PushEndpoint(receiver, options.Authorization).HandleAsync)
            .AllowAnonymous()
            .WithDisplayName("Security events")
            .ExcludeFromDescription();
    }

    private static string? FindFault(SecurityEventEndpointOptions options) =>
        string.IsNullOrEmpty(options.Path) ? "Path is empty."
        : options.Authorization is { Length: 0 } ? "Authorization is empty. Set a value, or remove it."
        : null;
}
