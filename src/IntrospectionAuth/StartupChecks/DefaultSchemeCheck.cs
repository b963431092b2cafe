using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds endpoints that rely on a default scheme where there is none, so that no request is authenticated.</summary>
/// <remarks>A scheme may be added later, and a middleware may authenticate requests by itself, so it stops no start.</remarks>
internal static class DefaultSchemeCheck
{
    private const string Name = "DefaultScheme";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        InspectedEndpoint[] relying = [.. facts.Endpoints.Where(static endpoint => ReliesOnDefault(endpoint.Policy))];
        if (facts.HasDefaultScheme || relying.Length == 0)
            return [];

        string consequence = $"so no request to {InspectedEndpoint.Describe(relying)} is authenticated";
        string example = $"AddAuthentication(\"{facts.ExampleScheme}\")";
        return
        [
            new StartupFinding(
                Name,
                facts.NamedDefaultScheme is { } name
                    ? $"The default scheme \"{name}\" is not registered, {consequence}. The registered schemes are: {facts.SchemeNames}. "
                        + $"Write {example}."
                    : $"There is no default scheme, {consequence}. The registered schemes are: {facts.SchemeNames}. Name the default "
                        + $"scheme, {example}, or the scheme of each endpoint, [Authorize(AuthenticationSchemes = "
                        + $"\"{facts.ExampleScheme}\")]. If an endpoint accepts tokens of several schemes, use AddBearerSelector."
            ),
        ];
    }

    private static bool ReliesOnDefault(AuthorizationPolicy? policy) =>
        policy is { AuthenticationSchemes.Count: 0 }
        && policy.Requirements.Any(static requirement => requirement is DenyAnonymousAuthorizationRequirement or ScopeRequirement);
}
