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
        if (IsWanted(failure.Failure, out long? suppressed))
        {
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
                },
                suppressed
            );
        }

        return FailAsync(failure);
    }

    /// <summary>Fails by a check of the response, or of what the token is bound to.</summary>
    private Task<AuthenticateResult> FailAsync(OAuthIntrospectionException failure, in IntrospectedToken token)
    {
        failure.Scheme = Scheme.Name;
        Record(token, failure.Failure, failure);
        return FailAsync(failure);
    }

    private void Record(in IntrospectedToken token, OAuthIntrospectionFailure? failure, OAuthIntrospectionException? exception = null)
    {
        if (IsWanted(failure, out long? suppressed))
            Record(FactsOf(token, failure, exception), suppressed);
    }

    /// <summary>Records a challenge of a request that has no token for this scheme.</summary>
    private void RecordMissingToken() =>
        Record(
            new TokenFacts
            {
                Options = Options,
                Now = TimeProvider.GetUtcNow(),
                Token = RequestToken.None,
                InsteadOfToken = MissingToken.Describe(Request),
            },
            suppressed: null
        );

    private TokenFacts FactsOf(
        in IntrospectedToken introspected,
        OAuthIntrospectionFailure? failure,
        OAuthIntrospectionException? exception
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
        _services.Decisions.IsEnabled && token.Value.HasValue && !Options.ResolvesTenants
            ? _services.Decisions.Fingerprint(
                _services.Introspector.BuildKey(_services.Introspector.GetServer(Scheme.Name, Options), token.Value)
            )
            : null;

    private bool IsWanted(OAuthIntrospectionFailure? failure, out long? suppressed) =>
        _services.Decisions.IsWanted(Logger, Scheme.Name, failure, TimeProvider, out suppressed);

    private void Record(TokenFacts facts, long? suppressed) => _services.Decisions.Record(Logger, Context, Scheme.Name, facts, suppressed);
}
