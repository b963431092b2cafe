using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <content>The record of what was decided about the token, and why.</content>
internal sealed partial class OAuthIntrospectionHandler
{
    private Task<AuthenticateResult> FailAsync(OAuthIntrospectionFailure failure, RequestToken token) =>
        FailAsync(new OAuthIntrospectionException(failure), token);

    /// <summary>Fails without a response about the token.</summary>
    private Task<AuthenticateResult> FailAsync(
        OAuthIntrospectionException failure,
        RequestToken token,
        IntrospectionResult? result = null,
        ResponseSource source = ResponseSource.None
    )
    {
        failure.Scheme = Scheme.Name;
        Record(
            new TokenFacts
            {
                Options = Options,
                Now = TimeProvider.GetUtcNow(),
                Token = token,
                Fingerprint = FingerprintOf(token),
                Failure = failure.Failure,
                ProofFault = failure.ProofFault,
                Proof = _proof,
                Source = source,
                Unavailability = failure.Unavailability,
                Exchanges = result?.Exchanges ?? [],
                HandlesTokenValidated = Events.HandlesTokenValidated,
            }
        );
        return FailAsync(failure);
    }

    /// <summary>Fails by a check of the response, or of what the token is bound to.</summary>
    private Task<AuthenticateResult> FailAsync(OAuthIntrospectionException failure, in IntrospectedToken token)
    {
        failure.Scheme = Scheme.Name;
        Record(FactsOf(token, failure.Failure, failure));
        return FailAsync(failure);
    }

    private void RecordAccepted(in IntrospectedToken token) => Record(FactsOf(token, failure: null));

    private void RecordRejectedByApplication(in IntrospectedToken token) =>
        Record(FactsOf(token, OAuthIntrospectionFailure.RejectedByApplication));

    /// <summary>Records a challenge of a request that has no token for this scheme.</summary>
    private void RecordMissingToken() =>
        Record(
            new TokenFacts
            {
                Options = Options,
                Now = TimeProvider.GetUtcNow(),
                Token = RequestToken.None,
                InsteadOfToken = MissingToken.Describe(Request),
            }
        );

    private TokenFacts FactsOf(
        in IntrospectedToken introspected,
        OAuthIntrospectionFailure? failure,
        OAuthIntrospectionException? exception = null
    )
    {
        var token = RequestToken.Found(introspected.Token);
        return new TokenFacts
        {
            Options = Options,
            Now = introspected.Now,
            Token = _usesDPoP ? token.AsDPoP() : token,
            Fingerprint = FingerprintOf(token),
            Failure = failure,
            ProofFault = exception?.ProofFault ?? default,
            Proof = _proof,
            Source = introspected.Source,
            ObtainedAt = introspected.ObtainedAt,
            Response = introspected.Response,
            Basis = introspected.Basis,
            Exchanges = introspected.Exchanges,
            HandlesTokenValidated = Events.HandlesTokenValidated,
        };
    }

    private string? FingerprintOf(RequestToken token) =>
        services.Decisions.IsEnabled && token.Value.HasValue
            ? services.Decisions.Fingerprint(
                services.Introspector.BuildKey(services.Introspector.GetServer(Scheme.Name, Options), token.Value)
            )
            : null;

    private void Record(TokenFacts facts) => services.Decisions.Record(Logger, Context, Scheme.Name, facts, TimeProvider);
}
