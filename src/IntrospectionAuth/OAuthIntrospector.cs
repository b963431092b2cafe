using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
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
public sealed partial class OAuthIntrospector
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
    /// <param name="cancellationToken">Ends the wait of this caller. The call itself continues for others that wait for it.</param>
    /// <returns>
    /// The principal, or the reason why there is none. An unavailable authorization server is a reason, not an exception.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no introspection scheme of that name; or no name was given, and there is not exactly one introspection scheme; or the
    /// scheme has tenants.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<OAuthIntrospectionResult> IntrospectAsync(
        string token,
        string? authenticationScheme = null,
        TimeSpan? maximumAge = null,
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
            throw new InvalidOperationException(
                $"{nameof(IntrospectAsync)}: the scheme {scheme.Name} has tenants, whose tokens are introspected for requests only."
            );
        }

        return await IntrospectAsync(token, scheme, options, maximumAge, cancellationToken);
    }

    private async Task<OAuthIntrospectionResult> IntrospectAsync(
        string token,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        TimeSpan? maximumAge,
        CancellationToken cancellationToken
    )
    {
        RequestToken read = AuthorizationReader.ReadToken(token, options.MaximumTokenLength, options.TokenCharacters);
        if (read.IsMalformed)
            return Fail(OAuthIntrospectionFailure.MalformedRequest, scheme, options, read);
        if (!options.TokenFilter.Accepts(token))
            return Fail(OAuthIntrospectionFailure.ForeignToken, scheme, options, read);
        if (options.RequireDPoP)
            return Fail(OAuthIntrospectionFailure.BindingNotProved, scheme, options, read);

        CachingIntrospector introspector = _services.Introspector;
        SchemeServer server = introspector.GetServer(scheme.Name, options);
        CacheKey key = introspector.BuildKey(server, token);
        if (introspector.FindCached(server, key, token, maximumAge, options.Now) is { } entry)
        {
            return await ValidateAsync(
                new(scheme, options, token, entry.Response, entry.Facts, entry.ObtainedAt, ResponseSource.Cache, options.Now),
                options
            );
        }

        if (UnverifiedJwtReader.IsIntrospectionResponse(token))
            return Fail(OAuthIntrospectionFailure.WrongTokenType, scheme, options, read);

        (IntrospectionResult result, ResponseSource source) = await introspector.IntrospectAsync(
            server,
            key,
            token,
            maximumAge,
            cancellationToken
        );
        if (result.Unavailability is { } unavailability)
        {
            Fail(OAuthIntrospectionFailure.Unavailable, scheme, options, read, result, source);
            return OAuthIntrospectionResult.Unavailable(unavailability.RetryAfter, unavailability.Exception);
        }

        ResponseFacts facts = result.Response is null ? default : new(result.Response);
        return await ValidateAsync(
            new(scheme, options, token, result.Response, facts, result.ObtainedAt, source, options.Now, result),
            options
        );
    }

    private async Task<OAuthIntrospectionResult> ValidateAsync(IntrospectedToken token, OAuthIntrospectionOptions options)
    {
        // Without a request, nothing proves possession of a key or certificate.
        if ((token.Validate() ?? (token.IsBound ? OAuthIntrospectionFailure.BindingNotProved : null)) is { } failure)
        {
            Record(token, options, failure);
            return OAuthIntrospectionResult.Fail(failure, token);
        }

        if (options.EventsType is null && !options.Events.HandlesTokenValidated)
        {
            if (_services.Decisions.IsEnabled)
                Record(token, options, failure: null);
            return OAuthIntrospectionResult.Success(token.CreateTicket(), token);
        }

        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        AuthenticateResult result = await token.RaiseTokenValidatedAsync(
            options.EventsIn(scope.ServiceProvider),
            new DefaultHttpContext { RequestServices = scope.ServiceProvider }
        );
        Record(token, options, result.Succeeded ? null : OAuthIntrospectionFailure.RejectedByApplication);
        return result.Succeeded
            ? OAuthIntrospectionResult.Success(result.Ticket, token)
            : OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.RejectedByApplication, token, result.Failure);
    }
}
