using System.Security.Claims;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Policies;

/// <summary>The results of authentication by the schemes of a policy that denied the request.</summary>
internal sealed class PolicyTokens
{
    private readonly List<string> _acceptedBy = [];
    private readonly List<string> _rejectedBy = [];

    private PolicyTokens() { }

    /// <summary>The introspection schemes that accepted a token.</summary>
    public IReadOnlyList<string> AcceptedBy => _acceptedBy;

    /// <summary>The introspection schemes that rejected a token, including malformed ones; empty when another scheme accepted it.</summary>
    public IReadOnlyList<string> RejectedBy => _rejectedBy;

    /// <summary>
    /// The failure of a scheme whose authorization server was unavailable; null when there is none, or another scheme accepted the token.
    /// </summary>
    public OAuthIntrospectionException? Unavailable { get; private set; }

    /// <summary>Reads the results that the policy's schemes, or the default scheme, already have.</summary>
    public static async Task<PolicyTokens> ReadAsync(AuthorizationPolicy policy, HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var tokens = new PolicyTokens();
        bool isAcceptedByOthers = false;

        foreach (string name in await FindSchemesAsync(policy, schemes))
        {
            // IAuthenticationService would transform the claims a second time.
            if (await handlers.GetHandlerAsync(context, name) is not { } handler || await handler.AuthenticateAsync() is not { } result)
                continue;

            if (result.Failure is not null)
            {
                tokens.AddFailure(result.Failure, handler is OAuthIntrospectionHandler ? name : null);
            }
            else if (
                result.Ticket is { } ticket
                && (await schemes.GetSchemeAsync(ticket.AuthenticationScheme))?.IntrospectsTokens() == true
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
            tokens.AddOtherResults(context);

        if (isAcceptedByOthers || tokens._acceptedBy.Count > 0)
        {
            tokens._rejectedBy.Clear();
            tokens.Unavailable = null;
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
    /// A policy without schemes applies to the current user, whom a middleware of the application may have authenticated by a scheme other
    /// than the default one.
    /// </summary>
    private void AddOtherResults(HttpContext context)
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
    /// A selector or policy scheme passes on the failure of another scheme, which names that scheme. The failure of an event handler names
    /// none.
    /// </summary>
    private void AddFailure(Exception failure, string? scheme)
    {
        if (failure is OAuthIntrospectionException { Failure: OAuthIntrospectionFailure.Unavailable } unavailable)
        {
            Unavailable ??= unavailable;
        }
        else if (
            ((failure as OAuthIntrospectionException)?.Scheme ?? scheme) is { } name
            && !_rejectedBy.Contains(name, StringComparer.Ordinal)
        )
        {
            _rejectedBy.Add(name);
        }
    }

    /// <summary>Whether another kind of scheme accepted the token of the request; AddJwtBearer saves it by default.</summary>
    private static bool HasSameToken(AuthenticateResult result, HttpRequest request)
    {
        if (result.Properties?.GetTokenValue("access_token") is not { } accepted)
            return false;

        RequestToken presented = AuthorizationReader.Read(request.Headers.Authorization, int.MaxValue, TokenCharacters.All);
        return presented.IsNone
            ? request.Query[RequestTokenReader.Parameter] == accepted || FindInForm(request) == accepted
            : !presented.IsMalformed && presented.Value.Equals(accepted, StringComparison.Ordinal);
    }

    /// <summary>If no scheme has read the form by now, none found a token in it.</summary>
    private static string? FindInForm(HttpRequest request) =>
        request.HttpContext.Features.Get<IFormFeature>()?.Form is { } form ? form[RequestTokenReader.Parameter] : default(string);
}
