using System.Security.Claims;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Challenge;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.StepUp;

/// <summary>Decides whether the user authenticated as the step-up requirements of a policy say.</summary>
/// <remarks>One identity must meet all of them, because the time of one authentication says nothing about the method of another.</remarks>
internal sealed class StepUpAuthorizationHandler(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    TimeProvider time
) : IAuthorizationHandler
{
    // Every authorization calls this method. One without a step-up requirement allocates nothing here.
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Requirements is not IReadOnlyList<IAuthorizationRequirement> requirements)
            return DecideAsync(context, [.. context.Requirements.Where(IsStepUp)]);

        for (int i = 0; i < requirements.Count; i++)
        {
            if (IsStepUp(requirements[i]))
                return DecideAsync(context, [.. requirements.Where(IsStepUp)]);
        }

        return Task.CompletedTask;
    }

    /// <returns>What the challenge states for all of the requirements together; null when none of them is a step-up requirement.</returns>
    public static RequiredAuthentication? Describe(IEnumerable<IAuthorizationRequirement> requirements)
    {
        AcrRequirement[] methods = [.. requirements.OfType<AcrRequirement>()];
        RecentAuthenticationRequirement[] times = [.. requirements.OfType<RecentAuthenticationRequirement>()];
        if (methods.Length == 0 && times.Length == 0)
            return null;

        string[] acrValues = [.. methods.SelectMany(static method => method.Values).Distinct(StringComparer.Ordinal)];
        string[] sufficient = [.. acrValues.Where(value => methods.All(method => method.Values.Contains(value, StringComparer.Ordinal)))];
        return new RequiredAuthentication
        {
            AcrValues = methods.Length == 0 ? null : string.Join(' ', sufficient.Length > 0 ? sufficient : acrValues),
            MaxAge = times.Length == 0 ? null : times.Min(static requirement => requirement.MaxAge),
        };
    }

    private static bool IsStepUp(IAuthorizationRequirement requirement) => requirement is AcrRequirement or RecentAuthenticationRequirement;

    private async Task DecideAsync(AuthorizationHandlerContext context, IAuthorizationRequirement[] requirements)
    {
        foreach (ClaimsIdentity identity in context.User.Identities)
        {
            if (identity.IsAuthenticated && await MeetsAsync(identity, requirements, AuthorizedRequest.Of(context)))
            {
                foreach (IAuthorizationRequirement requirement in requirements)
                    context.Succeed(requirement);
                return;
            }
        }
    }

    private async Task<bool> MeetsAsync(ClaimsIdentity identity, IAuthorizationRequirement[] requirements, HttpContext? request)
    {
        (DateTimeOffset now, TimeSpan skew) = await GetClockAsync(identity, request);
        return requirements.All(requirement =>
            requirement is AcrRequirement acr
                ? AuthenticationClaims.HasAcr(identity, acr.Values)
                : requirement is RecentAuthenticationRequirement recent
                    && AuthenticationClaims.GetTime(identity) is { } then
                    && now - then - skew <= recent.MaxAge
                    && then - now <= ResponseValidator.FutureTolerance(skew)
        );
    }

    /// <summary>The clock of the identity's scheme or tenant; the application's clock when it is not an introspection scheme.</summary>
    private async Task<(DateTimeOffset Now, TimeSpan Skew)> GetClockAsync(ClaimsIdentity identity, HttpContext? request)
    {
        if (identity.AuthenticationType is not { Length: > 0 } name || (await schemes.GetSchemeAsync(name))?.IntrospectsTokens() != true)
            return (time.GetUtcNow(), TimeSpan.Zero);

        OAuthIntrospectionOptions? ofTenant = request is null ? null : RequestTenants.Find(request, name);
        OAuthIntrospectionOptions current = ofTenant ?? options.Get(name);
        return (current.Now, current.ClockSkew);
    }
}
