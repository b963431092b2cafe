using System.Security.Claims;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Policies;

/// <summary>What became of a request's token in the schemes of a policy that refuses the request.</summary>
internal sealed class PolicyTokens
{
    private readonly List<string> _acceptedBy = [];
    private readonly List<string> _rejectedBy = [];

    private PolicyTokens() { }

    /// <summary>The introspection schemes that accepted a token.</summary>
    public IReadOnlyList<string> AcceptedBy => _acceptedBy;

    /// <summary>The introspection schemes that refused a token, malformed ones included; empty when another scheme accepted it.</summary>
    public IReadOnlyList<string> RejectedBy => _rejectedBy;

    /// <summary>
    /// The failure of a scheme that could not check a token; null when there is none, or another scheme accepted the token.
    /// </summary>
    public OAuthIntrospectionException? Unchecked { get; private set; }

    /// <summary>Asks the policy's schemes, or the default one, for the results that they have already.</summary>
    public static async Task<PolicyTokens> ReadAsync(AuthorizationPolicy policy, HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var tokens = new PolicyTokens();
        bool isAcceptedByOthers = false;

        foreach (string name in await FindSchemesAsync(policy, schemes))
        {
            // Not by IAuthenticationService, which would transform the claims once more.
            if (await handlers.GetHandlerAsync(context, name) is not { } handler || await handler.AuthenticateAsync() is not { } result)
                continue;

            if (result.Failure is not null)
            {
                tokens.AddFailure(result.Failure, handler is OAuthIntrospectionHandler ? name : null);
            }
            else if (
                result.Ticket is { } ticket
                && (await schemes.GetSchemeAsync(ticket.AuthenticationScheme))?.HandlerType == typeof(OAuthIntrospectionHandler)
            )
            {
                tokens._acceptedBy.Add(ticket.AuthenticationScheme);
            }
            else if (result.Succeeded)
            {
                isAcceptedByOthers |= HasSameToken(result, context.Request);
            }
        }

        if (policy.AuthenticationSchemes.Count == 0)
            tokens.AddResultsByHand(context);

        if (isAcceptedByOthers || tokens._acceptedBy.Count > 0)
        {
            tokens._rejectedBy.Clear();
            tokens.Unchecked = null;
        }

        return tokens;
    }

    private static async Task<IEnumerable<string>> FindSchemesAsync(AuthorizationPolicy policy, IAuthenticationSchemeProvider schemes)
    {
        if (policy.AuthenticationSchemes.Count > 0)
            return policy.AuthenticationSchemes;

        return await schemes.GetDefaultAuthenticateSchemeAsync() is { } scheme ? [scheme.Name] : [];
    }

    /// <summary>
    /// A policy without schemes takes the user as it is: a middleware of the application's own may have asked a scheme that is not the
    /// default one.
    /// </summary>
    private void AddResultsByHand(HttpContext context)
    {
        foreach (ClaimsIdentity identity in context.User.Identities)
        {
            if (identity is DeferredIdentity { AuthenticationType: { } scheme } && !_acceptedBy.Contains(scheme, StringComparer.Ordinal))
                _acceptedBy.Add(scheme);
        }

        if (context.Features.Get<OAuthIntrospectionException>() is { } failure)
            AddFailure(failure, scheme: null);
    }

    /// <summary>
    /// A selector or policy scheme passes on the failure of another scheme, which names itself; in the words of an event handler it does
    /// not.
    /// </summary>
    private void AddFailure(Exception failure, string? scheme)
    {
        if (failure is OAuthIntrospectionException { Failure: OAuthIntrospectionFailure.Unavailable } isUnchecked)
        {
            Unchecked ??= isUnchecked;
        }
        else if (
            ((failure as OAuthIntrospectionException)?.Scheme ?? scheme) is { } name
            && !_rejectedBy.Contains(name, StringComparer.Ordinal)
        )
        {
            _rejectedBy.Add(name);
        }
    }

    /// <summary>
    /// Whether a scheme of another's accepted the very token that ours did not: AddJwtBearer saves it unless told otherwise.
    /// </summary>
    private static bool HasSameToken(AuthenticateResult result, HttpRequest request)
    {
        if (result.Properties?.GetTokenValue("access_token") is not { } accepted)
            return false;

        PresentedToken presented = AuthorizationReader.Read(request.Headers.Authorization, int.MaxValue, TokenCharacters.All);
        return presented.IsNone
            ? request.Query[RequestTokenReader.Parameter] == accepted || FindInForm(request) == accepted
            : !presented.IsMalformed && presented.Value.Equals(accepted, StringComparison.Ordinal);
    }

    /// <summary>In a form that was not read by now, no scheme has found a token.</summary>
    private static string? FindInForm(HttpRequest request) =>
        request.HttpContext.Features.Get<IFormFeature>()?.Form is { } form ? form[RequestTokenReader.Parameter] : default(string);
}
