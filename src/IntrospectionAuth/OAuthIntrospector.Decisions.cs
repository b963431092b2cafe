using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth;

/// <content>The record of what was decided about the token, and why.</content>
public sealed partial class OAuthIntrospector
{
    /// <summary>Fails without a response about the token.</summary>
    private OAuthIntrospectionResult Fail(
        OAuthIntrospectionFailure failure,
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        RequestToken token,
        IntrospectionResult? result = null,
        ResponseSource source = ResponseSource.None
    )
    {
        if (IsWanted(scheme, options, failure, out long? suppressed))
        {
            Record(
                scheme,
                new TokenFacts
                {
                    Options = options,
                    Now = options.Now,
                    Token = token,
                    Fingerprint = FingerprintOf(token.Value, scheme, options),
                    HasRequest = false,
                    Failure = failure,
                    Source = source,
                    Unavailability = result?.Unavailability,
                    Exchanges = result?.Exchanges ?? [],
                },
                suppressed
            );
        }

        return OAuthIntrospectionResult.Fail(failure);
    }

    private TokenFacts FactsOf(in IntrospectedToken token, OAuthIntrospectionOptions options, OAuthIntrospectionFailure? failure) =>
        new()
        {
            Options = options,
            Now = token.Now,
            Token = RequestToken.Found(token.Token),
            Fingerprint = FingerprintOf(token.Token, token.Scheme, options),
            HasRequest = false,
            Failure = failure,
            Source = token.Source,
            ObtainedAt = token.ObtainedAt,
            Response = token.Response,
            Basis = token.Basis,
            Exchanges = token.Exchanges,
            HandlesTokenValidated = options.EventsType is not null || options.Events.HandlesTokenValidated,
        };

    private string? FingerprintOf(StringSegment token, AuthenticationScheme scheme, OAuthIntrospectionOptions options) =>
        _services.Decisions.IsEnabled && token.HasValue
            ? _services.Decisions.Fingerprint(
                _services.Introspector.BuildKey(_services.Introspector.GetServer(scheme.Name, options), token)
            )
            : null;

    private void Record(in IntrospectedToken token, OAuthIntrospectionOptions options, OAuthIntrospectionFailure? failure)
    {
        if (IsWanted(token.Scheme, options, failure, out long? suppressed))
            Record(token.Scheme, FactsOf(token, options, failure), suppressed);
    }

    private bool IsWanted(
        AuthenticationScheme scheme,
        OAuthIntrospectionOptions options,
        OAuthIntrospectionFailure? failure,
        out long? suppressed
    ) => _services.Decisions.IsWanted(_logger, scheme.Name, failure, options.TimeProvider ?? TimeProvider.System, out suppressed);

    private void Record(AuthenticationScheme scheme, TokenFacts facts, long? suppressed) =>
        _services.Decisions.Record(_logger, context: null, scheme.Name, facts, suppressed);
}
