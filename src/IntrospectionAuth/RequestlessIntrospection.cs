using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
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
    /// <summary>
    /// Whether the proof of possession, which only a request has, is demanded last: then everything else about the token is known.
    /// </summary>
    public bool DemandsProofLast { get; init; }

    private bool HandlesTokenValidated => options.EventsType is not null || options.Events.HandlesTokenValidated;

    private TokenRecorder Recorder =>
        new(services, scheme, options, logger, context: null) { HandlesTokenValidated = HandlesTokenValidated };

    public async Task<OAuthIntrospectionResult> RunAsync(string token, TimeSpan? maximumAge, CancellationToken cancellationToken)
    {
        RequestToken read = Read(token);
        if (read.IsMalformed)
            return Fail(OAuthIntrospectionFailure.MalformedRequest, read);
        if (!options.TokenFilter.Accepts(token))
            return Fail(OAuthIntrospectionFailure.ForeignToken, read);
        if (options.RequireDPoP && !DemandsProofLast)
            return Fail(OAuthIntrospectionFailure.BindingNotProved, read);

        CachingIntrospector introspector = services.Introspector;
        SchemeServer server = introspector.GetServer(scheme.Name, options);
        CacheKey key = introspector.BuildKey(server, token);
        DateTimeOffset now = options.Now;
        if (introspector.FindCached(server, key, token, maximumAge, now) is { } entry)
        {
            return await ValidateAsync(
                new(scheme, options, token, entry.Response, entry.Facts)
                {
                    ObtainedAt = entry.ObtainedAt,
                    Source = ResponseSource.Cache,
                    Now = now,
                }
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
            return Fail(new OAuthIntrospectionException(unavailability), read, result, source);

        return await ValidateAsync(new(scheme, options, token, result) { Source = source, Now = options.Now });
    }

    /// <summary>Fails because there is no such tenant, or because it cannot be resolved.</summary>
    public OAuthIntrospectionResult Fail(string token, Unavailability? unavailability)
    {
        RequestToken read = Read(token);
        if (read.IsMalformed)
            return Fail(OAuthIntrospectionFailure.MalformedRequest, read);
        return unavailability is null
            ? Fail(OAuthIntrospectionFailure.UnknownTenant, read)
            : Fail(new OAuthIntrospectionException(unavailability), read);
    }

    private RequestToken Read(string token) => AuthorizationReader.ReadToken(token, options.MaximumTokenLength, options.TokenCharacters);

    private async Task<OAuthIntrospectionResult> ValidateAsync(IntrospectedToken token)
    {
        if ((token.Validate() ?? FindMissingProof(token)) is { } failure)
        {
            Recorder.Record(token, failure);
            return OAuthIntrospectionResult.Fail(failure, token);
        }

        if (!HandlesTokenValidated)
        {
            Recorder.Record(token, failure: null);
            return OAuthIntrospectionResult.Success(token.CreateTicket(), token);
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        AuthenticateResult result = await token.RaiseTokenValidatedAsync(
            options.EventsIn(scope.ServiceProvider),
            new DefaultHttpContext { RequestServices = scope.ServiceProvider }
        );
        Recorder.Record(token, result.Succeeded ? null : OAuthIntrospectionFailure.RejectedByApplication);
        return result.Succeeded
            ? OAuthIntrospectionResult.Success(result.Ticket, token)
            : OAuthIntrospectionResult.Fail(OAuthIntrospectionFailure.RejectedByApplication, token, result.Failure);
    }

    /// <summary>Without a request, nothing proves possession of a key or certificate.</summary>
    private OAuthIntrospectionFailure? FindMissingProof(in IntrospectedToken token)
    {
        Confirmation? confirmation = token.Response?.Confirmation;
        if (options.RequireDPoP && confirmation is null or { IsUnderstood: true, JwkThumbprint: null })
            return OAuthIntrospectionFailure.NotBound; // by no key: no proof can help
        return token.IsBound ? OAuthIntrospectionFailure.BindingNotProved : null;
    }

    private OAuthIntrospectionResult Fail(OAuthIntrospectionFailure failure, RequestToken token) =>
        Fail(new OAuthIntrospectionException(failure), token);

    /// <summary>Fails without a response about the token.</summary>
    private OAuthIntrospectionResult Fail(
        OAuthIntrospectionException failure,
        RequestToken token,
        IntrospectionResult? result = null,
        ResponseSource source = ResponseSource.None
    )
    {
        Recorder.Record(failure, token, result, source);
        return OAuthIntrospectionResult.Fail(failure);
    }
}
