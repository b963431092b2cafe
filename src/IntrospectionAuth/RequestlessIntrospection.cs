using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Diagnostics;
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
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth;

/// <summary>Introspects a token without a request, with the options of a scheme or a tenant, and records what was decided.</summary>
internal sealed class RequestlessIntrospection(
    HandlerServices services,
    AuthenticationScheme scheme,
    OAuthIntrospectionOptions options,
    IServiceScopeFactory scopes,
    ILogger logger
)
{
    public async Task<OAuthIntrospectionResult> RunAsync(string token, TimeSpan? maximumAge, CancellationToken cancellationToken)
    {
        RequestToken read = Read(token);
        if (read.IsMalformed)
            return Fail(OAuthIntrospectionFailure.MalformedRequest, read);
        if (!options.TokenFilter.Accepts(token))
            return Fail(OAuthIntrospectionFailure.ForeignToken, read);
        if (options.RequireDPoP)
            return Fail(OAuthIntrospectionFailure.BindingNotProved, read);

        CachingIntrospector introspector = services.Introspector;
        SchemeServer server = introspector.GetServer(scheme.Name, options);
        CacheKey key = introspector.BuildKey(server, token);
        if (introspector.FindCached(server, key, token, maximumAge, options.Now) is { } entry)
        {
            return await ValidateAsync(
                new(scheme, options, token, entry.Response, entry.Facts, entry.ObtainedAt, ResponseSource.Cache, options.Now)
            );
        }

        if (UnverifiedJwtReader.IsIntrospectionResponse(token))
            return Fail(OAuthIntrospectionFailure.WrongTokenType, read);

        (IntrospectionResult result, ResponseSource source) = await introspector.IntrospectAsync(
            server,
            key,
            token,
            maximumAge,
            cancellationToken
        );
        if (result.Unavailability is { } unavailability)
            return Fail(unavailability, read, result.Exchanges, source);

        ResponseFacts facts = result.Response is null ? default : new(result.Response);
        return await ValidateAsync(new(scheme, options, token, result.Response, facts, result.ObtainedAt, source, options.Now, result));
    }

    /// <summary>Fails because there is no such tenant, or because it cannot be resolved.</summary>
    public OAuthIntrospectionResult Fail(string token, Unavailability? unavailability) =>
        unavailability is null
            ? Fail(OAuthIntrospectionFailure.UnknownTenant, Read(token))
            : Fail(unavailability, Read(token), [], ResponseSource.None);

    private RequestToken Read(string token) => AuthorizationReader.ReadToken(token, options.MaximumTokenLength, options.TokenCharacters);

    private async Task<OAuthIntrospectionResult> ValidateAsync(IntrospectedToken token)
    {
        // Without a request, nothing proves possession of a key or certificate.
        if ((token.Validate() ?? (token.IsBound ? OAuthIntrospectionFailure.BindingNotProved : null)) is { } failure)
        {
            Record(token, failure);
            return OAuthIntrospectionResult.Fail(failure, token);
        }

        if (options.EventsType is null && !options.Events.HandlesTokenValidated)
        {
            if (services.Decisions.IsEnabled)
                Record(token, failure: null);
            return OAuthIntrospectionResult.Success(token.CreateTicket(), token);
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        AuthenticateResult result = await token.RaiseTokenValidatedAsync(
            options.EventsIn(scope.ServiceProvider),
            new DefaultHttpContext { RequestServices = scope.ServiceProvider }
        );
        Record(token, result.Succeeded ? null : OAuthIntrospectionFailure.RejectedByApplication);
        return result.Succeeded
            ? OAuthIntrospectionResult.Success(result.Ticket, token)
            : OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.RejectedByApplication, token, result.Failure);
    }

    private OAuthIntrospectionResult Fail(OAuthIntrospectionFailure failure, RequestToken token)
    {
        Record(failure, token, unavailability: null, [], ResponseSource.None);
        return OAuthIntrospectionResult.Fail(failure);
    }

    private OAuthIntrospectionResult Fail(
        Unavailability unavailability,
        RequestToken token,
        IReadOnlyList<Exchange> exchanges,
        ResponseSource source
    )
    {
        Record(OAuthIntrospectionFailure.Unavailable, token, unavailability, exchanges, source);
        return OAuthIntrospectionResult.Unavailable(unavailability.RetryAfter, unavailability.Exception);
    }

    /// <summary>Records a failure without a response about the token.</summary>
    private void Record(
        OAuthIntrospectionFailure failure,
        RequestToken token,
        Unavailability? unavailability,
        IReadOnlyList<Exchange> exchanges,
        ResponseSource source
    )
    {
        if (!IsWanted(failure, out long? suppressed))
            return;

        Record(
            new TokenFacts
            {
                Options = options,
                Now = options.Now,
                Token = token,
                Fingerprint = FingerprintOf(token.Value),
                HasRequest = false,
                Failure = failure,
                Source = source,
                Unavailability = unavailability,
                Exchanges = exchanges,
            },
            suppressed
        );
    }

    private void Record(in IntrospectedToken token, OAuthIntrospectionFailure? failure)
    {
        if (!IsWanted(failure, out long? suppressed))
            return;

        Record(
            new TokenFacts
            {
                Options = options,
                Now = token.Now,
                Token = RequestToken.Found(token.Token),
                Fingerprint = FingerprintOf(token.Token),
                HasRequest = false,
                Failure = failure,
                Source = token.Source,
                ObtainedAt = token.ObtainedAt,
                Response = token.Response,
                Basis = token.Basis,
                Exchanges = token.Exchanges,
                HandlesTokenValidated = options.EventsType is not null || options.Events.HandlesTokenValidated,
            },
            suppressed
        );
    }

    private void Record(TokenFacts facts, long? suppressed) =>
        services.Decisions.Record(logger, context: null, scheme.Name, facts, suppressed);

    private bool IsWanted(OAuthIntrospectionFailure? failure, out long? suppressed) =>
        services.Decisions.IsWanted(logger, scheme.Name, failure, options.TimeProvider ?? TimeProvider.System, out suppressed);

    private string? FingerprintOf(StringSegment token) =>
        services.Decisions.IsEnabled && token.HasValue && !options.ResolvesTenants
            ? services.Decisions.Fingerprint(services.Introspector.BuildKey(services.Introspector.GetServer(scheme.Name, options), token))
            : null;
}
