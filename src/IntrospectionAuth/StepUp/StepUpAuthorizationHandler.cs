using System.Security.Claims;
using IntrospectionAuth.Challenge;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.StepUp;

/// <summary>Decides whether the user has authenticated as an endpoint demands.</summary>
/// <remarks>It looks at all demands together: one identity must meet them all, for the time of one says nothing about the way of another.</remarks>
internal sealed class StepUpAuthorizationHandler(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    TimeProvider time
) : IAuthorizationHandler
{
    // Every authorization comes by here: one without such a demand costs a look at its requirements and no memory.
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Requirements is not IReadOnlyList<IAuthorizationRequirement> requirements)
            return DecideAsync(context, [.. context.Requirements.Where(IsDemand)]);

        for (int i = 0; i < requirements.Count; i++)
        {
            if (IsDemand(requirements[i]))
                return DecideAsync(context, [.. requirements.Where(IsDemand)]);
        }

        return Task.CompletedTask;
    }

    public static bool IsDemand(IAuthorizationRequirement requirement) => requirement is AcrRequirement or RecentAuthenticationRequirement;

    private async Task DecideAsync(AuthorizationHandlerContext context, IAuthorizationRequirement[] demands)
    {
        if (demands.Length == 0)
            return;

        foreach (ClaimsIdentity identity in context.User.Identities)
        {
            if (identity.IsAuthenticated && await MeetsAsync(identity, demands))
            {
                foreach (IAuthorizationRequirement demand in demands)
                    context.Succeed(demand);
                return;
            }
        }
    }

    private async Task<bool> MeetsAsync(ClaimsIdentity identity, IAuthorizationRequirement[] demands)
    {
        (DateTimeOffset now, TimeSpan skew) = await GetClockAsync(identity);
        return demands.All(demand =>
            demand switch
            {
                AcrRequirement acr => AuthenticationClaims.HasAcr(identity, acr.Values),
                RecentAuthenticationRequirement recent => AuthenticationClaims.GetTime(identity) is { } then
                    && now - then - skew <= recent.MaxAge
                    && then - now <= ResponseValidator.FutureTolerance(skew),
                _ => false,
            }
        );
    }

    /// <summary>The clock of the scheme that made the identity; the application's where it is not one of ours.</summary>
    private async Task<(DateTimeOffset Now, TimeSpan Skew)> GetClockAsync(ClaimsIdentity identity) =>
        identity.AuthenticationType is { Length: > 0 } name
        && (await schemes.GetSchemeAsync(name))?.HandlerType == typeof(OAuthIntrospectionHandler)
            ? (options.Get(name).Now, options.Get(name).ClockSkew)
            : (time.GetUtcNow(), TimeSpan.Zero);

    /// <returns>What all demands come to, for the challenge to tell; null when there is none.</returns>
    public static RequiredAuthentication? Describe(IAuthorizationRequirement[] demands)
    {
        if (demands.Length == 0)
            return null;

        AcrRequirement[] ways = [.. demands.OfType<AcrRequirement>()];
        string[] acrValues = [.. ways.SelectMany(static way => way.Values).Distinct(StringComparer.Ordinal)];
        string[] sufficient = [.. acrValues.Where(value => ways.All(way => way.Values.Contains(value, StringComparer.Ordinal)))];
        RecentAuthenticationRequirement[] times = [.. demands.OfType<RecentAuthenticationRequirement>()];

        return new RequiredAuthentication
        {
            AcrValues = ways.Length == 0 ? null : string.Join(' ', sufficient.Length > 0 ? sufficient : acrValues),
            MaxAge = times.Length == 0 ? null : times.Min(static demand => demand.MaxAge),
        };
    }
}
