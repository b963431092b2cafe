using System.Security.Claims;
using IntrospectionAuth.Claims;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Validation;

/// <summary>A token with the response about it: the checks that decide whether it is accepted, and the ticket when it is.</summary>
/// <remarks>The checks run on every request in the order of the methods, whether the response is cached or not.</remarks>
internal readonly struct IntrospectedToken(
    AuthenticationScheme scheme,
    OAuthIntrospectionOptions options,
    StringSegment token,
    IntrospectionResponse? response,
    in ResponseFacts facts
)
{
    private readonly ResponseFacts _facts = facts;
    private readonly IntrospectionResult? _result;

    /// <summary>A token with a result that is not from the cache.</summary>
    public IntrospectedToken(
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        StringSegment token,
        IntrospectionResult result
    )
        : this(scheme, options, token, result.Response, ResponseFacts.Of(result.Response))
    {
        _result = result;
        ObtainedAt = result.ObtainedAt;
    }

    public AuthenticationScheme Scheme => scheme;

    /// <summary>When the authorization server was asked.</summary>
    public DateTimeOffset ObtainedAt { get; init; }

    public ResponseSource Source { get; init; }

    public bool IsFromCache => Source is ResponseSource.Cache or ResponseSource.StaleCache;

    public StringSegment Token => token;

    public IntrospectionResponse? Response => response;

    /// <summary>What an inactive result is based on. A cache entry keeps no basis.</summary>
    public InactiveBasis Basis => _result?.Basis ?? default;

    /// <summary>The calls that brought the response; empty when they are not recorded, and for a cached response.</summary>
    public IReadOnlyList<Exchange> Exchanges => _result?.Exchanges ?? [];

    public DateTimeOffset Now { get; init; }

    /// <summary>The maximum age of the response that the endpoint requires; null when it requires none.</summary>
    public TimeSpan? RequiredFreshness { get; init; }

    public bool IsBound => _facts.IsBound;

    /// <returns>Why the token is rejected; null when the response is acceptable.</returns>
    public OAuthIntrospectionFailure? Validate()
    {
        if (response is null)
            return OAuthIntrospectionFailure.Inactive;
        if (ResponseValidator.Validate(response, _facts, options, Now) is { } failure)
            return failure;
        return PrincipalBuilder.HasRequiredClaims(response, options) ? null : OAuthIntrospectionFailure.MissingRequiredClaim;
    }

    /// <returns>Why the token is rejected; null when the request proves possession of everything that the token is bound to.</returns>
    public ValueTask<OAuthIntrospectionFailure?> ValidateBindingAsync(VerifiedProof? proof, HttpContext context) =>
        BindingValidator.ValidateAsync(response?.Confirmation, proof, context);

    /// <summary>Accepts the token when the application has no handler of <see cref="OAuthIntrospectionEvents.OnTokenValidated"/>.</summary>
    public AuthenticationTicket CreateTicket() => new(BuildPrincipal(), CreateProperties(), scheme.Name);

    /// <summary>
    /// Accepts the token unless the application's handler of <see cref="OAuthIntrospectionEvents.OnTokenValidated"/> rejects it.
    /// </summary>
    public async Task<AuthenticateResult> RaiseTokenValidatedAsync(OAuthIntrospectionEvents events, HttpContext context)
    {
        var validated = new TokenValidatedContext(context, scheme, options, BuildPrincipal(), CreateProperties())
        {
            Token = token.ToString(),
            ObtainedAt = ObtainedAt,
            IsFromCache = IsFromCache,
        };

        await events.TokenValidated(validated);
        if (validated.Result is null)
            validated.Success();
        return validated.Result!;
    }

    private ClaimsPrincipal BuildPrincipal() => PrincipalBuilder.Build(response!, _facts, scheme.Name, options);

    private AuthenticationProperties CreateProperties() => TicketProperties.Create(response!, options.SaveToken ? token.ToString() : null);
}
