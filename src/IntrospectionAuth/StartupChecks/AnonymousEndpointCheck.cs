using System.Reflection;
using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds requirements that an <c>AllowAnonymous</c> from farther away removes.</summary>
/// <remarks>
/// It examines minimal APIs alone, whose metadata is in the order of group, endpoint. An action may mean to allow what its controller, or
/// <c>MapControllers().RequireScope(…)</c>, requires, and its metadata does not show which came first.
/// </remarks>
internal static class AnonymousEndpointCheck
{
    private const string Name = "AnonymousEndpoint";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        InspectedEndpoint[] found = [.. facts.Endpoints.Where(HasDeadRequirement)];
        return found.Length == 0
            ? []
            :
            [
                new StartupFinding(
                    Name,
                    $"The scopes, fresh tokens, tenants or step-up that {InspectedEndpoint.Describe(found)} require have no effect, "
                        + "because AllowAnonymous on the endpoint or its group overrides them. Every caller is allowed. Remove "
                        + "AllowAnonymous() or the requirement."
                ),
            ];
    }

    private static bool HasDeadRequirement(InspectedEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ActionDescriptor>() is not null || endpoint.Metadata.GetMetadata<MethodInfo>() is null)
            return false;

        return endpoint.Metadata.SkipWhile(static it => it is not IAllowAnonymous).Any(IsOwnRequirement);
    }

    private static bool IsOwnRequirement(object metadata) =>
        metadata is RequirementMetadata
        || (metadata is IAuthorizeData { Policy: { } policy } && AttributePolicyName.Parse(policy) is not null);
}
