using IntrospectionAuth.TenantResolution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>
/// Introspects a token outside a request: in a hub that checks its caller again, in a queue worker, during a long stream.
/// </summary>
/// <remarks>
/// <para>
/// It is a singleton in the container. It shares the cache and the in-flight calls with the authentication of requests, and runs the same
/// checks: expiry, issuer, audience, token type, required claims. <see cref="OAuthIntrospectionEvents.OnTokenValidated"/> also runs and may
/// reject the token. Its <see cref="HttpContext"/> has the services of its own scope and an empty request.
/// <see cref="OAuthIntrospectionEvents.OnMessageReceived"/> and <see cref="OAuthIntrospectionEvents.OnAuthenticationFailed"/> do not run.
/// </para>
/// <para>
/// A token that is bound to a key or certificate (RFC 9449, RFC 8705) is rejected with
/// <see cref="OAuthIntrospectionFailure.BindingNotProved"/>, because only a request can prove possession.
/// </para>
/// </remarks>
public sealed class OAuthIntrospector
{
    private readonly HandlerServices _services;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;
    private readonly IAuthenticationSchemeProvider _schemes;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger _logger;

    internal OAuthIntrospector(
        HandlerServices services,
        IOptionsMonitor<OAuthIntrospectionOptions> options,
        IAuthenticationSchemeProvider schemes,
        IServiceScopeFactory scopes,
        ILogger<OAuthIntrospector> logger
    )
    {
        _services = services;
        _options = options;
        _schemes = schemes;
        _scopes = scopes;
        _logger = logger;
    }

    /// <summary>Introspects a token, or finds its response in the cache.</summary>
    /// <param name="token">The token alone, without <c>Bearer</c> before it.</param>
    /// <param name="authenticationScheme">
    /// The name of the scheme whose options apply. <see langword="null"/>, the default, means the only scheme that
    /// <c>AddOAuthIntrospection</c> added.
    /// </param>
    /// <param name="maximumAge">
    /// The maximum age of the response. <see cref="TimeSpan.Zero"/> requires a new response. <see langword="null"/>, the default, accepts
    /// what the scheme's options accept.
    /// </param>
    /// <param name="tenant">
    /// The name of the tenant, if the scheme has tenants: <see cref="OAuthIntrospectionOptions.ResolveTenant"/> needs a request, so it is
    /// not called. Keep the name that the request had.
    /// </param>
    /// <param name="cancellationToken">Ends the wait of this caller. The call itself continues for others that wait for it.</param>
    /// <returns>
    /// The principal, or the reason why there is none. An unavailable authorization server is a reason, not an exception.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no introspection scheme of that name; or no name was given, and there is not exactly one introspection scheme. Or the
    /// scheme has tenants and no <paramref name="tenant"/> was given, or the reverse.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<OAuthIntrospectionResult> IntrospectAsync(
        string token,
        string? authenticationScheme = null,
        TimeSpan? maximumAge = null,
        string? tenant = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAge ?? TimeSpan.Zero, TimeSpan.Zero, nameof(maximumAge));
        cancellationToken.ThrowIfCancellationRequested();

        AuthenticationScheme scheme = await _schemes.FindIntrospectionSchemeAsync(
            authenticationScheme,
            caller: nameof(IntrospectAsync),
            setting: nameof(authenticationScheme)
        );
        OAuthIntrospectionOptions options = _options.Get(scheme.Name);
        if (options.ResolvesTenants)
        {
            return tenant is not null
                ? await IntrospectAsync(token, scheme, options, tenant, maximumAge, cancellationToken)
                : throw new InvalidOperationException(
                    $"{nameof(IntrospectAsync)}: the scheme {scheme.Name} has tenants. Set {nameof(tenant)}."
                );
        }

        return tenant is null
            ? await new RequestlessIntrospection(_services, scheme, options, _scopes, _logger).RunAsync(
                token,
                maximumAge,
                cancellationToken
            )
            : throw new InvalidOperationException(
                $"{nameof(IntrospectAsync)}: the scheme {scheme.Name} has no tenants. Leave {nameof(tenant)} out."
            );
    }

    /// <summary>
    /// Introspects a token with a new response, for the tool. Everything about it is checked before the proof of possession, which only a
    /// request has. The scheme has no tenants.
    /// </summary>
    internal async Task<OAuthIntrospectionResult> ExplainAsync(
        string token,
        string authenticationScheme,
        CancellationToken cancellationToken
    )
    {
        AuthenticationScheme scheme = await _schemes.FindIntrospectionSchemeAsync(
            authenticationScheme,
            caller: nameof(ExplainAsync),
            setting: nameof(authenticationScheme)
        );
        var introspection = new RequestlessIntrospection(_services, scheme, _options.Get(scheme.Name), _scopes, _logger)
        {
            DemandsProofLast = true,
        };
        return await introspection.RunAsync(token, maximumAge: TimeSpan.Zero, cancellationToken);
    }

    private async Task<OAuthIntrospectionResult> IntrospectAsync(
        string token,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions schemeOptions,
        string tenant,
        TimeSpan? maximumAge,
        CancellationToken cancellationToken
    )
    {
        TenantResult result = await _services.Tenants!.FindAsync(scheme.Name, schemeOptions, tenant, cancellationToken);
        using (result.Tenant)
        {
            return result.Services is { } services
                ? await new RequestlessIntrospection(
                    services,
                    scheme,
                    services.TenantOptions!,
                    _scopes,
                    new TenantLogger(_logger, tenant)
                ).RunAsync(token, maximumAge, cancellationToken)
                : new RequestlessIntrospection(_services, scheme, schemeOptions, _scopes, _logger).Fail(token, result.Unavailability);
        }
    }
}
