using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds endpoints that require the tenant of a route value which their route does not have.</summary>
/// <remarks>A middleware may set route values by itself, so it stops no start.</remarks>
internal static class TenantRouteCheck
{
    private const string Name = "TenantRouteValue";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts) =>
        facts
            .Endpoints.SelectMany(static endpoint => MissingValues(endpoint).Select(value => (Value: value, Endpoint: endpoint)))
            .GroupBy(static it => it.Value, static it => it.Endpoint, StringComparer.OrdinalIgnoreCase)
            .Select(static it => new StartupFinding(
                Name,
                $"RequireTenant compares the route value \"{it.Key}\", which is not in the route of {InspectedEndpoint.Describe(it)}, so "
                    + $"every request gets 403. Add {{{it.Key}}} to the route, or name the right value: RequireTenant(…, routeValue: …)."
            ));

    private static IEnumerable<string> MissingValues(InspectedEndpoint endpoint) =>
        endpoint is { Endpoint: RouteEndpoint { RoutePattern: { } route }, Policy: { } policy }
            ? policy
                .Requirements.OfType<TenantRequirement>()
                .Select(static it => it.RouteValue)
                .OfType<string>()
                .Where(it => !Has(route, it))
            : [];

    private static bool Has(RoutePattern route, string value) =>
        route.GetParameter(value) is not null || route.Defaults.ContainsKey(value) || route.RequiredValues.ContainsKey(value);
}
