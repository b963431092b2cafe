using IntrospectionAuth.ResourceMetadata;
using Microsoft.AspNetCore.Routing;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds protected resource metadata that clients do not find, or that two sources serve.</summary>
internal static class MetadataRouteCheck
{
    /// <summary>AddMcp of ModelContextProtocol.AspNetCore, whose handler responds before routing runs.</summary>
    private const string McpHandler = "ModelContextProtocol.AspNetCore.Authentication.McpAuthenticationHandler";

    private const string WellKnownPath = OAuthIntrospectionDefaults.ResourceMetadataPath;

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        InspectedEndpoint[] own = [.. facts.Endpoints.Where(static it => it.Metadata.GetMetadata<MetadataEndpoint>() is not null)];
        InspectedEndpoint[] others = [.. facts.Endpoints.Except(own).Where(IsBelowWellKnownPath)];
        string? mcp = facts.Schemes.FirstOrDefault(static scheme => scheme.HandlerType.FullName == McpHandler)?.Name;
        string[] resources = [.. facts.IntrospectionSchemes.Where(static it => it.Value.Resource is not null).Select(static it => it.Key)];

        if (mcp is not null && (own.Length > 0 || resources.Length > 0))
            yield return Conflict($"AddMcp (scheme {mcp})", "Leave AddMcp out, or remove Resource and MapProtectedResourceMetadata().");
        if (own.Length > 0 && others.Length > 0)
            yield return Conflict(InspectedEndpoint.Describe(others), "Remove that endpoint or MapProtectedResourceMetadata().");
        if (own.DistinctBy(RouteOf, StringComparer.OrdinalIgnoreCase).Count() < own.Length)
            yield return Conflict("a second MapProtectedResourceMetadata()", "Call it once: it serves every scheme.");

        if (own.FirstOrDefault(static it => !IsBelowWellKnownPath(it)) is { } hidden)
        {
            yield return new StartupFinding(
                "ResourceMetadataNotFound",
                $"MapProtectedResourceMetadata() is mapped at {RouteOf(hidden)}, but clients request {WellKnownPath} at the "
                    + "root. Call it on the application instead of a group."
            );
        }

        if (resources.Length > 0 && own.Length == 0 && others.Length == 0 && mcp is null)
        {
            yield return new StartupFinding(
                "ResourceMetadataNotFound",
                $"Scheme {string.Join(", ", resources)}: Resource is set, so challenges point clients to its metadata, but no endpoint "
                    + "serves it. Call app.MapProtectedResourceMetadata()."
            );
        }
    }

    private static StartupFinding Conflict(string other, string remedy) =>
        new(
            "ResourceMetadataConflict",
            $"{WellKnownPath} is also served by {other}, so clients may receive another document or an error. {remedy}"
        );

    private static bool IsBelowWellKnownPath(InspectedEndpoint endpoint) =>
        $"/{RouteOf(endpoint)?.TrimStart('/')}".StartsWith(WellKnownPath, StringComparison.OrdinalIgnoreCase);

    private static string? RouteOf(InspectedEndpoint endpoint) => (endpoint.Endpoint as RouteEndpoint)?.RoutePattern.RawText;
}
