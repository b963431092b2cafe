using IntrospectionAuth;
using IntrospectionAuth.BackChannelLogout;
using IntrospectionAuth.PushedRevocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that receives logout tokens (OpenID Connect Back-Channel Logout 1.0).</summary>
public static class BackChannelLogoutExtensions
{
    /// <summary>Maps <c>/backchannel-logout</c>, which removes the tokens of users who log out.</summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The endpoint, for rate limits.</returns>
    /// <remarks>
    /// <inheritdoc cref="MapBackChannelLogout(IEndpointRouteBuilder, Action{BackChannelLogoutOptions})" path="/remarks"/>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// There is not exactly one introspection scheme, or it has no <see cref="OAuthIntrospectionOptions.Authority"/> or
    /// <see cref="OAuthIntrospectionOptions.ClientId"/>.
    /// </exception>
    public static IEndpointConventionBuilder MapBackChannelLogout(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapBackChannelLogout(static _ => { });

    /// <summary>Maps an endpoint that removes the tokens of users who log out at the authorization server.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="configure">Sets the path, the scheme and the clients.</param>
    /// <returns>The endpoint, for rate limits.</returns>
    /// <remarks>
    /// <para>
    /// A logout token with <c>sub</c> removes the cache entries of the subject, and one with <c>sid</c> those of the session, in every
    /// scheme. The next request with such a token is introspected again. With both claims, both are removed, because the responses of many
    /// authorization servers have no <c>sid</c>. An introspection response needs a <c>sid</c> for a logout token with <c>sid</c> alone to
    /// have an effect.
    /// </para>
    /// <para>
    /// The token is validated as in section 2.6 of the specification, with the keys of the metadata of
    /// <see cref="OAuthIntrospectionOptions.Authority"/>. A request without a valid token yields 400 and removes nothing. The endpoint
    /// handles POST and allows anonymous callers even with a fallback policy.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// There is no introspection scheme of that name; no name was given, and there is not exactly one introspection scheme; or the scheme
    /// has no <see cref="OAuthIntrospectionOptions.Authority"/>, or no client is named.
    /// </exception>
    public static IEndpointConventionBuilder MapBackChannelLogout(
        this IEndpointRouteBuilder endpoints,
        Action<BackChannelLogoutOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);

        var options = new BackChannelLogoutOptions();
        configure(options);
        if (string.IsNullOrEmpty(options.Path))
            throw new InvalidOperationException("MapBackChannelLogout: Path is empty.");

        IServiceProvider services = endpoints.ServiceProvider;
        var recipient = new LogoutRecipient(
            services.FindIntrospectionScheme(options.AuthenticationScheme, nameof(MapBackChannelLogout)),
            [.. options.ClientIds],
            services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
        );
        if (recipient.FindFault(recipient.Scheme.Options) is { } fault)
            throw new InvalidOperationException($"MapBackChannelLogout: {fault}");

        var endpoint = new BackChannelLogoutEndpoint(
            recipient,
            services.GetRequiredService<PushedTokenVerifier>(),
            services.GetRequiredService<PushedEvents>()
        );
        return endpoints
            .MapPost(options.Path, endpoint.HandleAsync)
            .AllowAnonymous()
            .WithDisplayName("Back-channel logout")
            .ExcludeFromDescription();
    }
}
