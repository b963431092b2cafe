using IntrospectionAuth.Calls;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth;

/// <summary>Records what a scheme or a tenant decides about a token, with or without a request.</summary>
/// <remarks>What the decision is about is read only if the log or a page wants it.</remarks>
internal readonly struct TokenRecorder(
    HandlerServices services,
    AuthenticationScheme scheme,
    OAuthIntrospectionOptions options,
    ILogger logger,
    HttpContext? context
)
{
    /// <summary>Whether the request presents its token with a proof.</summary>
    public bool UsesDPoP { get; init; }

    /// <summary>The verified proof; null without one.</summary>
    public VerifiedProof? Proof { get; init; }

    /// <summary>Whether an event handler of the application decides last.</summary>
    public bool HandlesTokenValidated { get; init; }

    /// <summary>Records a challenge of a request that has no token for this scheme.</summary>
    public void RecordMissingToken()
    {
        var facts = new TokenFacts
        {
            Options = options,
            Now = options.Now,
            Token = RequestToken.None,
            InsteadOfToken = MissingToken.Describe(context!.Request),
        };
        Record(facts, suppressed: null);
    }

    /// <summary>Records a failure without a response about the token.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="token">The token.</param>
    /// <param name="result">The result without a response; null when the authorization server was not asked.</param>
    /// <param name="source">Where the result comes from.</param>
    public void Record(OAuthIntrospectionException failure, RequestToken token, IntrospectionResult? result, ResponseSource source)
    {
        if (!IsWanted(failure.Failure, out long? suppressed))
            return;

        var facts = new TokenFacts
        {
            Options = options,
            Now = options.Now,
            Token = token,
            Fingerprint = FingerprintOf(token),
            HasRequest = context is not null,
            Failure = failure.Failure,
            ProofFault = failure.ProofFault,
            Proof = Proof,
            Source = source,
            Unavailability = failure.Unavailability,
            Exchanges = result?.Exchanges ?? [],
            HandlesTokenValidated = HandlesTokenValidated,
        };
        Record(facts, suppressed);
    }

    /// <summary>Records what was decided by a response about the token.</summary>
    /// <param name="introspected">The token and the response.</param>
    /// <param name="failure">Why the token is rejected; null when it is accepted.</param>
    /// <param name="proofFault">What is wrong with the proof, if that is the failure.</param>
    public void Record(in IntrospectedToken introspected, OAuthIntrospectionFailure? failure, ProofFault proofFault = default)
    {
        if (!IsWanted(failure, out long? suppressed))
            return;

        var token = RequestToken.Found(introspected.Token);
        var facts = new TokenFacts
        {
            Options = options,
            Now = introspected.Now,
            Token = UsesDPoP ? token.AsDPoP() : token,
            Fingerprint = FingerprintOf(token),
            HasRequest = context is not null,
            Failure = failure,
            ProofFault = proofFault,
            Proof = Proof,
            Source = introspected.Source,
            ObtainedAt = introspected.ObtainedAt,
            Response = introspected.Response,
            Basis = introspected.Basis,
            Exchanges = introspected.Exchanges,
            HandlesTokenValidated = HandlesTokenValidated,
        };
        Record(facts, suppressed);
    }

    private bool IsWanted(OAuthIntrospectionFailure? failure, out long? suppressed) =>
        services.Decisions.IsWanted(logger, scheme.Name, failure, options.Clock, out suppressed);

    private void Record(TokenFacts facts, long? suppressed) => services.Decisions.Record(logger, context, scheme.Name, facts, suppressed);

    private string? FingerprintOf(RequestToken token)
    {
        if (!services.Decisions.IsEnabled || !token.Value.HasValue || options.ResolvesTenants)
            return null; // a scheme with tenants has no server of its own

        CachingIntrospector introspector = services.Introspector;
        return services.Decisions.Fingerprint(introspector.BuildKey(introspector.GetServer(scheme.Name, options), token.Value));
    }
}
