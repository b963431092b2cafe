using IntrospectionAuth.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>Decides what a scheme tells the caller of a request that is refused, and has it told by events and headers.</summary>
internal sealed class Challenger(
    HttpContext context,
    AuthenticationScheme scheme,
    OAuthIntrospectionOptions options,
    AuthenticationProperties properties,
    OAuthIntrospectionEvents events
)
{
    private readonly AuthorizationDenial? _refused = AuthorizationDenial.Of(context);

    public required bool UsesDPoP { get; init; }

    public Task ChallengeAsync(AuthenticateResult result) =>
        ChallengeAsync(result, replacesForbidden: _refused?.IsChallengedBy(scheme.Name) == true);

    public async Task ForbidAsync(AuthenticateResult result)
    {
        // Nobody is forbidden anything for a token that was not accepted, unless another scheme accepted it.
        if (
            result.Failure is not null
            && (_refused?.IsChallengedBy(scheme.Name) ?? !context.User.Identities.Any(static identity => identity is DeferredIdentity))
        )
        {
            await ChallengeAsync(result, replacesForbidden: true);
            return;
        }

        // Scopes and step-up are said of a token that the endpoint's policy took.
        AuthorizationDenial? refused = _refused?.AcceptedBy.Contains(scheme.Name, StringComparer.Ordinal) == true ? _refused : null;

        // RFC 9470, section 3: a user who would be let in after authenticating again is not forbidden to come.
        if (refused is { Authentication: { } required })
        {
            var challenge = new ChallengeContext(context, scheme, options, properties) { UsesDPoP = UsesDPoP };
            ChallengeWriter.Describe(challenge, required, refused.Scopes);
            await TellAsync(challenge);
            return;
        }

        var forbidden = new ForbiddenContext(context, scheme, options, properties) { Scope = refused?.Scopes, UsesDPoP = UsesDPoP };
        await events.Forbidden(forbidden);
        if (!forbidden.Handled)
            ChallengeWriter.Write(forbidden);
    }

    private Task ChallengeAsync(AuthenticateResult result, bool replacesForbidden)
    {
        var challenge = new ChallengeContext(context, scheme, options, properties)
        {
            AuthenticateFailure = result.Failure,
            UsesDPoP = UsesDPoP,
            ReplacesForbidden = replacesForbidden,
        };
        ChallengeWriter.Describe(challenge);
        return TellAsync(challenge);
    }

    private async Task TellAsync(ChallengeContext challenge)
    {
        _refused?.NoteWritten(scheme.Name);
        await events.Challenge(challenge);
        if (!challenge.Handled)
            ChallengeWriter.Write(challenge);
    }
}
