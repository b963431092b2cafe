using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tokens;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <content>Every failure is recorded before the event about it is raised.</content>
internal sealed partial class OAuthIntrospectionHandler
{
    private TokenRecorder Recorder =>
        new(_services, Scheme, Options, Logger, Context)
        {
            UsesDPoP = _usesDPoP,
            Proof = _proof,
            HandlesTokenValidated = Events.HandlesTokenValidated,
        };

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
        Recorder.Record(failure, token, result, source);
        return FailAsync(failure);
    }

    /// <summary>Fails by a check of the response, or of what the token is bound to.</summary>
    private Task<AuthenticateResult> FailAsync(OAuthIntrospectionException failure, in IntrospectedToken token)
    {
        failure.Scheme = Scheme.Name;
        Recorder.Record(token, failure.Failure, failure.ProofFault);
        return FailAsync(failure);
    }

    /// <summary>Raises the event about a failure that is recorded, and returns it unless the application replaces it.</summary>
    private async Task<AuthenticateResult> FailAsync(OAuthIntrospectionException failure)
    {
        var context = new AuthenticationFailedContext(Context, Scheme, Options, failure);
        await Events.AuthenticationFailed(context);
        if (context.Result is not null)
        {
            DecisionRecorder.RecordReplaced(Context, Scheme.Name);
            return context.Result;
        }

        Context.Features.Set(failure); // for a policy that names no scheme: see PolicyTokens
        return AuthenticateResult.Fail(failure);
    }
}
