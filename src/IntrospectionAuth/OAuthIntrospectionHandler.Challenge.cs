using IntrospectionAuth.Challenge;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth;

/// <content>The response to a request that is denied.</content>
/// <remarks>
/// An exception of the application's own code propagates also if authentication first runs here. As a failure it would reject the token.
/// </remarks>
internal sealed partial class OAuthIntrospectionHandler
{
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceAsync(); // sets _usesDPoP
        if (result.None)
            await UseTenantForChallengeAsync();
        if (result.None && _services.Decisions.Explains)
            Recorder.RecordMissingToken();
        await CreateChallenger(properties).ChallengeAsync(result);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceAsync();
        await CreateChallenger(properties).ForbidAsync(result);
    }

    private Challenger CreateChallenger(AuthenticationProperties properties) =>
        new(Context, Scheme, Options, properties, Events) { UsesDPoP = _usesDPoP, RequiresDPoP = Options.RequireDPoP || _requiresDPoP };
}
