using System.Security.Claims;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
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
/// It is a singleton in the container. A call uses the same cache and in-flight calls as authentication of requests, and runs the same
/// checks: expiry, issuer, audience, token type, required claims. <see cref="OAuthIntrospectionEvents.OnTokenValidated"/> runs as well and
/// may refuse the token; its
/// <see cref="HttpContext"/> then belongs to no request: it has the services of a scope of its own, and an empty request.
/// <see cref="OAuthIntrospectionEvents.OnMessageReceived"/> and <see cref="OAuthIntrospectionEvents.OnAuthenticationFailed"/> do not run.
/// </para>
/// <para>
/// A token that is bound to a key or certificate (RFC 9449, RFC 8705) is refused with
/// <see cref="OAuthIntrospectionFailure.BindingNotProved"/>: only a request can prove that its sender holds the key.
/// </para>
/// </remarks>
public sealed class OAuthIntrospector
{
    private readonly SchemeServers _servers;
    private readonly CachingIntrospector _introspector;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;
    private readonly IAuthenticationSchemeProvider _schemes;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger _logger;

    internal OAuthIntrospector(
        SchemeServers servers,
        CachingIntrospector introspector,
        IOptionsMonitor<OAuthIntrospectionOptions> options,
        IAuthenticationSchemeProvider schemes,
        IServiceScopeFactory scopes,
        ILogger<OAuthIntrospector> logger
    )
    {
        _servers = servers;
        _introspector = introspector;
        _options = options;
        _schemes = schemes;
        _scopes = scopes;
        _logger = logger;
    }

    /// <summary>Introspects a token, or finds its response in the cache.</summary>
    /// <param name="token">The token alone, without <c>Bearer</c> before it.</param>
    /// <param name="authenticationScheme">
    /// The name of the scheme whose options apply. <see langword="null"/>, the default, means the only scheme that was added by
    /// <c>AddOAuthIntrospection</c>.
    /// </param>
    /// <param name="maximumAge">
    /// The maximum age of the response: if the cached one is older, the authorization server is asked again. <see cref="TimeSpan.Zero"/>
    /// always asks.
    /// <see langword="null"/>, the default, accepts what the scheme's options accept.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait. The call itself continues for others that wait for it.</param>
    /// <returns>A principal, or the reason why there is none. A server that cannot answer is a reason too, and no exception.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no introspection scheme of that name; or no name was given, and there is not exactly one introspection scheme.
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

        AuthenticationScheme scheme = await FindSchemeAsync(authenticationScheme);
        OAuthIntrospectionResult result = await IntrospectAsync(token, scheme, _options.Get(scheme.Name), maximumAge, cancellationToken);
        if (result.Failure is { } failure)
            _logger.NotAuthenticated(scheme.Name, failure, result.Detail);
        return result;
    }

    private async Task<OAuthIntrospectionResult> IntrospectAsync(
        string token,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        TimeSpan? maximumAge,
        CancellationToken cancellationToken
    )
    {
        if (AuthorizationReader.ReadToken(token, options.MaximumTokenLength, options.TokenCharacters).IsMalformed)
            return OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.MalformedRequest);
        if (!options.TokenFilter.LetsThrough(token))
            return OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.ForeignToken);
        if (options.RequireDPoP)
            return OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.BindingNotProved);

        SchemeServer server = _servers.Get(scheme.Name, options);
        CacheKey key = _introspector.BuildKey(server, token);
        if (_introspector.FindCached(server, key, token, maximumAge, options.Now) is { } cached)
            return await JudgeAsync(cached.Response, cached.ObtainedAt, isFromCache: true, token, scheme, options);
        if (UnverifiedJwtReader.IsIntrospectionResponse(token))
            return OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.WrongTokenType);

        (IntrospectionResult result, bool isFromCache) = await _introspector.AskAsync(server, key, token, maximumAge, cancellationToken);
        return result.Unavailability is { } unavailability
            ? OAuthIntrospectionResult.Unavailable(unavailability.RetryAfter, unavailability.Exception)
            : await JudgeAsync(result.Response, result.ObtainedAt, isFromCache, token, scheme, options);
    }

    private async Task<OAuthIntrospectionResult> JudgeAsync(
        IntrospectionResponse? response,
        DateTimeOffset obtainedAt,
        bool isFromCache,
        string token,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options
    )
    {
        if (response is null)
            return OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.Inactive, obtainedAt, isFromCache);

        var facts = new ResponseFacts(response);
        OAuthIntrospectionFailure? failure = ResponseValidator.Validate(response, facts, options, options.Now);
        string? detail =
            failure is { } refusal && _logger.IsEnabled(LogLevel.Debug) ? RejectionDetail.Describe(refusal, response, token) : null;
        if (failure is null && !PrincipalBuilder.HasRequiredClaims(response, options))
            failure = OAuthIntrospectionFailure.MissingRequiredClaim;
        if (failure is null && facts.IsBound)
            failure = OAuthIntrospectionFailure.BindingNotProved;
        if (failure is not null)
            return OAuthIntrospectionResult.Fail(failure.Value, obtainedAt, isFromCache).WithDetail(detail);

        ClaimsPrincipal principal = PrincipalBuilder.Build(response, facts, scheme.Name, options);
        AuthenticationProperties properties = TicketProperties.Create(response, options.SaveToken ? token : null);
        return options.EventsType is not null || options.Events.HandlesTokenValidated
            ? await RaiseTokenValidatedAsync(principal, properties, obtainedAt, isFromCache, token, scheme, options)
            : OAuthIntrospectionResult.Success(new(principal, properties, scheme.Name), obtainedAt, isFromCache);
    }

    private async Task<OAuthIntrospectionResult> RaiseTokenValidatedAsync(
        ClaimsPrincipal principal,
        AuthenticationProperties properties,
        DateTimeOffset obtainedAt,
        bool isFromCache,
        string token,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options
    )
    {
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        var context = new TokenValidatedContext(
            new DefaultHttpContext { RequestServices = scope.ServiceProvider },
            scheme,
            options,
            principal,
            properties
        )
        {
            Token = token,
            ObtainedAt = obtainedAt,
            IsFromCache = isFromCache,
        };

        await options.EventsIn(scope.ServiceProvider).TokenValidated(context);
        if (context.Result is null)
            context.Success();
        return context.Result!.Succeeded
            ? OAuthIntrospectionResult.Success(context.Result.Ticket, obtainedAt, isFromCache)
            : OAuthIntrospectionResult.Fail(
                OAuthIntrospectionFailure.RejectedByApplication,
                obtainedAt,
                isFromCache,
                context.Result.Failure
            );
    }

    private async Task<AuthenticationScheme> FindSchemeAsync(string? name)
    {
        if (name is not null && await _schemes.GetSchemeAsync(name) is { } scheme && IsIntrospection(scheme))
            return scheme;

        AuthenticationScheme[] all = [.. (await _schemes.GetAllSchemesAsync()).Where(IsIntrospection)];
        if (name is null && all is [AuthenticationScheme only])
            return only;

        string existing =
            all.Length == 0
                ? "There is none: call AddAuthentication().AddOAuthIntrospection(…)."
                : $"There is: {string.Join(", ", all.Select(static it => it.Name))}.";
        throw new InvalidOperationException(
            name is null
                ? $"IntrospectAsync needs the name of a scheme, unless there is exactly one introspection scheme. {existing}"
                : $"'{name}' is not the name of an introspection scheme. {existing}"
        );
    }

    private static bool IsIntrospection(AuthenticationScheme scheme) => scheme.HandlerType == typeof(OAuthIntrospectionHandler);
}
