using System.Security.Claims;
using System.Text.Encodings.Web;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Challenge;
using IntrospectionAuth.Claims;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>Authenticates a request by its access token, and tells the caller what was wrong: the whole story, each chapter elsewhere.</summary>
internal sealed class OAuthIntrospectionHandler(
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SchemeServers servers,
    CachingIntrospector introspector,
    DPoPVerifier verifier
) : AuthenticationHandler<OAuthIntrospectionOptions>(options, logger, encoder)
{
    private TimeSpan? _demand;
    private bool _usesDPoP;
    private VerifiedProof? _proof;

    private new OAuthIntrospectionEvents Events => (OAuthIntrospectionEvents)base.Events!;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new OAuthIntrospectionEvents());

    // A token seen before is answered without a state machine; the methods whose name ends in Async are for everything else.
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Events.HandlesMessageReceived || !Options.TokenRetrieval.IsHeaderOnly
            ? ReceiveMessageAsync()
            : AuthenticateTokenAsync(
                AuthorizationReader.Read(Request.Headers.Authorization, Options.MaximumTokenLength, Options.TokenCharacters)
            );

    private async Task<AuthenticateResult> ReceiveMessageAsync()
    {
        var context = new MessageReceivedContext(Context, Scheme, Options);
        await Events.MessageReceived(context);

        return context.Result
            ?? await AuthenticateTokenAsync(
                context.Token is { } token
                    ? AuthorizationReader.ReadToken(token, Options.MaximumTokenLength, Options.TokenCharacters)
                    : await RequestTokenReader.ReadAsync(
                        Request,
                        Options.TokenRetrieval,
                        Options.MaximumTokenLength,
                        Options.TokenCharacters
                    )
            );
    }

    private Task<AuthenticateResult> AuthenticateTokenAsync(PresentedToken token)
    {
        if (token.IsNone)
            return Task.FromResult(AuthenticateResult.NoResult());
        _usesDPoP = token.IsDPoP;
        if (token.IsMalformed)
            return FailAsync(new OAuthIntrospectionException(OAuthIntrospectionFailure.MalformedRequest));
        if (!Options.TokenFilter.LetsThrough(token.Value))
            return TurnAwayAsync();

        DateTimeOffset now = TimeProvider.GetUtcNow();
        if ((token.IsDPoP || Options.RequireDPoP) && verifier.Verify(Request, token, Scheme.Name, Options, now, out _proof) is { } refusal)
            return FailAsync(refusal);

        SchemeServer server = servers.Get(Scheme.Name, Options);
        CacheKey key = introspector.BuildKey(server, token.Value);
        _demand = RequiredFreshness.Of(Context);
        return introspector.FindCached(server, key, token.Value, _demand, now) is { } cached
            ? JudgeAsync(cached.Response, cached.Facts, cached.ObtainedAt, token, now, isFromCache: true)
            : IntrospectAsync(server, key, token);
    }

    private Task<AuthenticateResult> TurnAwayAsync() =>
        Options.TokenFilter.Mismatch == TokenFilterMismatch.PassOn
            ? Task.FromResult(AuthenticateResult.NoResult())
            : FailAsync(new OAuthIntrospectionException(OAuthIntrospectionFailure.ForeignToken));

    private async Task<AuthenticateResult> IntrospectAsync(SchemeServer server, CacheKey key, PresentedToken token)
    {
        // RFC 9701, section 8.1: some servers would call their own answer an active token. It is looked at here alone, since what is never asked about is never kept.
        if (UnverifiedJwtReader.IsIntrospectionResponse(token.Value))
            return await FailAsync(new OAuthIntrospectionException(OAuthIntrospectionFailure.WrongTokenType));

        IntrospectionResult result;
        bool isFromCache;
        try
        {
            (result, isFromCache) = await introspector.AskAsync(server, key, token.Value.ToString(), _demand, Context.RequestAborted);
        }
        catch (OperationCanceledException exception) when (Context.RequestAborted.IsCancellationRequested)
        {
            // This caller has gone; the call goes on for the others. Nobody reads this result, and no event is raised: nothing has failed.
            return AuthenticateResult.Fail(
                new OAuthIntrospectionException(OAuthIntrospectionFailure.Unavailable, exception, Unavailability.DefaultRetryAfter)
            );
        }

        if (result.Unavailability is { } unavailability)
        {
            return await FailAsync(
                new OAuthIntrospectionException(OAuthIntrospectionFailure.Unavailable, unavailability.Exception, unavailability.RetryAfter)
            );
        }

        ResponseFacts facts = result.Response is null ? default : new(result.Response);
        return await JudgeAsync(result.Response, facts, result.ObtainedAt, token, TimeProvider.GetUtcNow(), isFromCache);
    }

    private Task<AuthenticateResult> JudgeAsync(
        IntrospectionResponse? response,
        in ResponseFacts facts,
        DateTimeOffset obtainedAt,
        PresentedToken token,
        DateTimeOffset now,
        bool isFromCache
    )
    {
        if (response is null)
            return FailAsync(new OAuthIntrospectionException(OAuthIntrospectionFailure.Inactive));
        if (ResponseValidator.Validate(response, facts, Options, now) is { } failure)
        {
            return FailAsync(
                new OAuthIntrospectionException(failure),
                Logger.IsEnabled(LogLevel.Debug) ? RejectionDetail.Describe(failure, response, token.Value) : null
            );
        }

        if (!PrincipalBuilder.HasRequiredClaims(response, Options))
            return FailAsync(new OAuthIntrospectionException(OAuthIntrospectionFailure.MissingRequiredClaim));

        return facts.IsBound || _proof is not null
            ? JudgeBoundAsync(response, obtainedAt, token, now, isFromCache)
            : AdmitAsync(response, facts, obtainedAt, token, isFromCache);
    }

    private async Task<AuthenticateResult> JudgeBoundAsync(
        IntrospectionResponse response,
        DateTimeOffset obtainedAt,
        PresentedToken token,
        DateTimeOffset now,
        bool isFromCache
    )
    {
        if (await BindingValidator.ValidateAsync(response.Confirmation, _proof, Context) is { } failure)
            return await FailAsync(new OAuthIntrospectionException(failure));
        if (_proof is not null && verifier.Use(_proof, Response, Scheme.Name, Options, now) is { } refusal)
            return await FailAsync(refusal);
        return await AdmitAsync(response, new ResponseFacts(response), obtainedAt, token, isFromCache);
    }

    private Task<AuthenticateResult> AdmitAsync(
        IntrospectionResponse response,
        in ResponseFacts facts,
        DateTimeOffset obtainedAt,
        PresentedToken token,
        bool isFromCache
    )
    {
        ClaimsPrincipal principal = PrincipalBuilder.Build(response, facts, Scheme.Name, Options);
        AuthenticationProperties properties = TicketProperties.Create(response, Options.SaveToken ? token.Value.ToString() : null);

        if (Events.HandlesTokenValidated)
            return AcceptAsync(principal, properties, obtainedAt, token, isFromCache);

        FreshnessRecord.Add(Context, _demand, Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Scheme.Name)));
    }

    private async Task<AuthenticateResult> AcceptAsync(
        ClaimsPrincipal principal,
        AuthenticationProperties properties,
        DateTimeOffset obtainedAt,
        PresentedToken token,
        bool isFromCache
    )
    {
        var context = new TokenValidatedContext(Context, Scheme, Options, principal, properties)
        {
            Token = token.Value.ToString(),
            ObtainedAt = obtainedAt,
            IsFromCache = isFromCache,
        };

        await Events.TokenValidated(context);
        if (context.Result is null)
            context.Success();
        if (context.Result!.Succeeded)
            FreshnessRecord.Add(Context, _demand, Scheme.Name);
        return context.Result;
    }

    private async Task<AuthenticateResult> FailAsync(OAuthIntrospectionException failure, string? detail = null)
    {
        failure.Scheme = Scheme.Name;
        Logger.NotAuthenticated(Scheme.Name, failure.Failure, detail);
        var context = new AuthenticationFailedContext(Context, Scheme, Options, failure);
        await Events.AuthenticationFailed(context);
        if (context.Result is not null)
            return context.Result;

        Context.Features.Set(failure); // for a policy that names no scheme: see PolicyTokens
        return AuthenticateResult.Fail(failure);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceSafeAsync(); // first: it knows whether the token comes as DPoP
        await CreateChallenger(properties).ChallengeAsync(result);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceSafeAsync();
        await CreateChallenger(properties).ForbidAsync(result);
    }

    private Challenger CreateChallenger(AuthenticationProperties properties) =>
        new(Context, Scheme, Options, properties, Events) { UsesDPoP = _usesDPoP };
}
