using IntrospectionAuth.Claims;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.ResourceMetadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>Decides how one scheme challenges or forbids a request, raises the event and writes the headers.</summary>
internal sealed class Challenger(
    HttpContext context,
    AuthenticationScheme scheme,
    OAuthIntrospectionOptions options,
    AuthenticationProperties properties,
    OAuthIntrospectionEvents events
)
{
    private readonly AuthorizationDenial? _denial = AuthorizationDenial.Of(context);

    public required bool UsesDPoP { get; init; }

    /// <summary>Whether only DPoP is accepted, by the options or by those of a tenant that cannot be used.</summary>
    public required bool RequiresDPoP { get; init; }

    private string? ResourceMetadata => options.Resource is { } resource ? MetadataUrl.Of(resource) : null;

    public Task ChallengeAsync(AuthenticateResult result) =>
        ChallengeAsync(result, replacesForbidden: _denial?.IsChallengedBy(scheme.Name) == true);

    public async Task ForbidAsync(AuthenticateResult result)
    {
        // A token that was not accepted is challenged rather than forbidden, unless another scheme accepted it.
        if (
            result.Failure is not null
            && (_denial?.IsChallengedBy(scheme.Name) ?? !context.User.Identities.Any(static identity => identity is DeferredIdentity))
        )
        {
            await ChallengeAsync(result, replacesForbidden: true);
            return;
        }

        // Only a token that the policy used can lack a scope or need another authentication.
        AuthorizationDenial? denial = _denial?.AcceptedBy.Contains(scheme.Name, StringComparer.Ordinal) == true ? _denial : null;

        // RFC 9470, section 3: a request that would be allowed after another authentication is challenged rather than forbidden.
        if (denial is { Authentication: { } required })
        {
            await WriteAsync(CreateStepUp(required, denial.Scopes));
            return;
        }

        var forbidden = new ForbiddenContext(context, scheme, options, properties)
        {
            Scope = denial?.Scopes,
            UsesDPoP = UsesDPoP,
            Explanation = _denial?.Explanation,
        };
        await events.Forbidden(forbidden);
        if (!forbidden.Handled)
            ChallengeWriter.Write(forbidden, ResourceMetadata);
    }

    private Task ChallengeAsync(AuthenticateResult result, bool replacesForbidden)
    {
        var failure = result.Failure as OAuthIntrospectionException;
        (int statusCode, string? error) = failure?.Failure switch
        {
            OAuthIntrospectionFailure.Unavailable => (StatusCodes.Status503ServiceUnavailable, null),
            OAuthIntrospectionFailure.MalformedRequest => (StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest),
            OAuthIntrospectionFailure.InvalidProof => (StatusCodes.Status401Unauthorized, ErrorCodes.InvalidProof),
            OAuthIntrospectionFailure.NonceRequired => (StatusCodes.Status401Unauthorized, ErrorCodes.NonceRequired),
            _ => (StatusCodes.Status401Unauthorized, result.Failure is null ? null : ErrorCodes.InvalidToken),
        };
        return WriteAsync(
            new ChallengeContext(context, scheme, options, properties)
            {
                AuthenticateFailure = result.Failure,
                UsesDPoP = UsesDPoP,
                RequiresDPoP = RequiresDPoP,
                ReplacesForbidden = replacesForbidden,
                StatusCode = statusCode,
                Error = error,
                ErrorDescription =
                    result.Failure is null || !options.IncludeErrorDetails
                        ? null
                        : failure?.Message ?? "The access token was not accepted.",
                Scope = result.Failure is null ? _denial?.Scopes : null,
                ResourceMetadata = ResourceMetadata,
                RetryAfter = failure?.RetryAfter,
                Explanation = RequestDecisions.FindSent(context, scheme.Name)?.Explanation,
            }
        );
    }

    /// <summary>Includes a scope that is also missing, so that the client can request both at once.</summary>
    private ChallengeContext CreateStepUp(RequiredAuthentication required, string? scopes) =>
        new(context, scheme, options, properties)
        {
            UsesDPoP = UsesDPoP,
            RequiresDPoP = RequiresDPoP,
            IsStepUp = true,
            StatusCode = StatusCodes.Status401Unauthorized,
            Error = ErrorCodes.InsufficientUserAuthentication,
            ErrorDescription = options.IncludeErrorDetails ? "The user must authenticate again or with another method." : null,
            AcrValues = required.AcrValues,
            MaxAge = required.MaxAge,
            Scope = scopes,
            ResourceMetadata = ResourceMetadata,
            Explanation = _denial?.Explanation,
        };

    private async Task WriteAsync(ChallengeContext challenge)
    {
        _denial?.NoteWritten(scheme.Name);
        await events.Challenge(challenge);
        if (!challenge.Handled)
            ChallengeWriter.Write(challenge);
    }
}
