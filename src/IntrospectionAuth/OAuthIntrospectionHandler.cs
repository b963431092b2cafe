using System.Text.Encodings.Web;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>Authenticates a request by its access token, and challenges a request that is denied.</summary>
/// <remarks>A cache hit runs through the methods that are not async.</remarks>
internal sealed partial class OAuthIntrospectionHandler(
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    HandlerServices services
) : AuthenticationHandler<OAuthIntrospectionOptions>(options, logger, encoder)
{
    private HandlerServices _services = services; // those of the tenant, once it is known
    private bool _usesDPoP;
    private bool _requiresDPoP; // of a tenant whose options are invalid
    private VerifiedProof? _proof;

    private new OAuthIntrospectionEvents Events => (OAuthIntrospectionEvents)base.Events!;

    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new OAuthIntrospectionEvents());

    protected override string? ResolveTarget(string? scheme) =>
        base.ResolveTarget(scheme) is { } target ? ForwardCircle.Count(Scheme.Name, target) : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Events.HandlesMessageReceived || !Options.TokenRetrieval.IsHeaderOnly
            ? ReceiveMessageAsync()
            : AuthenticateAsync(
                AuthorizationReader.Read(Request.Headers.Authorization, Options.MaximumTokenLength, Options.TokenCharacters)
            );

    private async Task<AuthenticateResult> ReceiveMessageAsync()
    {
        var context = new MessageReceivedContext(Context, Scheme, Options);
        await Events.MessageReceived(context);
        if (context.Result is not null)
            return context.Result;

        RequestToken token = context.Token is { } supplied
            ? AuthorizationReader.ReadToken(supplied, Options.MaximumTokenLength, Options.TokenCharacters)
            : await RequestTokenReader.ReadAsync(Request, Options.TokenRetrieval, Options.MaximumTokenLength, Options.TokenCharacters);
        return await AuthenticateAsync(token);
    }

    private Task<AuthenticateResult> AuthenticateTokenAsync(RequestToken token)
    {
        if (token.IsNone)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (token.IsMalformed)
            return FailAsync(OAuthIntrospectionFailure.MalformedRequest, token);
        if (!Options.TokenFilter.Accepts(token.Value))
        {
            return Options.TokenFilter.Mismatch == TokenFilterMismatch.Ignore
                ? Task.FromResult(AuthenticateResult.NoResult())
                : FailAsync(OAuthIntrospectionFailure.ForeignToken, token);
        }

        DateTimeOffset now = Options.Now;
        bool usesProof = token.IsDPoP || Options.RequireDPoP;
        if (usesProof && _services.Verifier.Verify(Request, token, Scheme.Name, Options, now, out _proof) is { } failure)
            return FailAsync(failure, token);

        SchemeServer server = _services.Introspector.GetServer(Scheme.Name, Options);
        CacheKey key = _services.Introspector.BuildKey(server, token.Value);
        TimeSpan? freshness = RequiredFreshness.Of(Context);
        return _services.Introspector.FindCached(server, key, token.Value, freshness, now) is { } entry
            ? ValidateAsync(
                new(Scheme, Options, token.Value, entry.Response, entry.Facts)
                {
                    ObtainedAt = entry.ObtainedAt,
                    Source = ResponseSource.Cache,
                    Now = now,
                    RequiredFreshness = freshness,
                }
            )
            : IntrospectAsync(server, key, token, freshness);
    }

    private async Task<AuthenticateResult> IntrospectAsync(SchemeServer server, CacheKey key, RequestToken token, TimeSpan? freshness)
    {
        // RFC 9701, section 8.1: some servers report their own introspection response as an active token. Such a token is never
        // introspected, and so never cached, which is why a cache hit does not need this check.
        if (UnverifiedJwtReader.IsIntrospectionResponse(token.Value))
            return await FailAsync(OAuthIntrospectionFailure.WrongTokenType, token);

        IntrospectionResult result;
        ResponseSource source;
        try
        {
            (result, source) = await _services.Introspector.IntrospectAsync(
                server,
                key,
                token.Value.ToString(),
                freshness,
                Context.RequestAborted
            );
        }
        catch (OperationCanceledException exception) when (Context.RequestAborted.IsCancellationRequested)
        {
            return Abandon(exception); // the call continues for others
        }

        if (result.Unavailability is { } unavailability)
            return await FailAsync(new OAuthIntrospectionException(unavailability), token, result, source);

        return await ValidateAsync(
            new(Scheme, Options, token.Value, result)
            {
                Source = source,
                Now = Options.Now,
                RequiredFreshness = freshness,
            }
        );
    }

    /// <summary>The result for a caller that has disconnected. Nothing failed, so no event is raised.</summary>
    private static AuthenticateResult Abandon(OperationCanceledException exception) =>
        AuthenticateResult.Fail(new OAuthIntrospectionException(OAuthIntrospectionFailure.Unavailable, exception));

    private Task<AuthenticateResult> ValidateAsync(in IntrospectedToken token)
    {
        if (token.Validate() is { } failure)
            return FailAsync(new OAuthIntrospectionException(failure), token);
        return token.IsBound || _proof is not null ? ValidateBindingAsync(token) : AcceptAsync(token);
    }

    private async Task<AuthenticateResult> ValidateBindingAsync(IntrospectedToken token)
    {
        if (await token.ValidateBindingAsync(_proof, Context) is { } failure)
            return await FailAsync(new OAuthIntrospectionException(failure), token);
        if (_proof is not null && await UseProofAsync(_proof, token.Now) is { } used)
            return await FailAsync(used, token);
        return await AcceptAsync(token);
    }

    private async ValueTask<OAuthIntrospectionException?> UseProofAsync(VerifiedProof proof, DateTimeOffset now) =>
        _services.Verifier.Use(proof, Response, Scheme.Name, Options, now)
        ?? await _services.Verifier.UseOnAllNodesAsync(
            _services.Introspector.GetServer(Scheme.Name, Options).Fleet,
            proof,
            Scheme.Name,
            Options,
            now
        );

    private Task<AuthenticateResult> AcceptAsync(in IntrospectedToken token)
    {
        if (Events.HandlesTokenValidated)
            return RaiseTokenValidatedAsync(token);

        AuthenticationTicket ticket = token.CreateTicket();
        RecordAccepted(token);
        if (_services.Decisions.IsEnabled)
            Recorder.Record(token, failure: null);
        return Task.FromResult(AuthenticateResult.Success(ticket));
    }

    private async Task<AuthenticateResult> RaiseTokenValidatedAsync(IntrospectedToken token)
    {
        AuthenticateResult result = await token.RaiseTokenValidatedAsync(Events, Context);
        if (result.Succeeded)
            RecordAccepted(token);
        Recorder.Record(token, result.Succeeded ? null : OAuthIntrospectionFailure.RejectedByApplication);
        return result;
    }

    private void RecordAccepted(in IntrospectedToken token)
    {
        FreshnessRecord.Add(Context, token.RequiredFreshness, Scheme.Name);
        if (_services.TenantOptions is not null)
            RequestTenants.Accept(Context, Scheme.Name);
    }
}
