using IntrospectionAuth.Policies;
using IntrospectionAuth.Scopes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds scopes that are probably not written as they are meant.</summary>
internal static class ScopeNameCheck
{
    private const string Name = "ScopeName";

    private static readonly char[] s_separators = [',', ';', '|'];

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts) =>
        Group(facts, ScopesOf, FindFault)
            .Concat(Group(facts, PolicyNamesOf, FindSpaces))
            .Concat(Group(facts, RolesOf, FindScopeAsRole))
            .Select(static text => new StartupFinding(Name, text));

    private static IEnumerable<string> Group(
        ApplicationFacts facts,
        Func<InspectedEndpoint, IEnumerable<string>> find,
        Func<string, (string Problem, string Remedy)?> findFault
    ) =>
        facts
            .Endpoints.SelectMany(endpoint => find(endpoint).Select(value => (Value: value, Endpoint: endpoint)))
            .GroupBy(static it => it.Value, static it => it.Endpoint, StringComparer.Ordinal)
            .Select(it =>
                findFault(it.Key) is var (problem, remedy)
                    ? $"{problem}; it is required by {InspectedEndpoint.Describe(it)}. {remedy}"
                    : null
            )
            .OfType<string>();

    private static IEnumerable<string> ScopesOf(InspectedEndpoint endpoint) =>
        endpoint.Policy?.Requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes) ?? [];

    private static IEnumerable<string> RolesOf(InspectedEndpoint endpoint) =>
        endpoint.Policy?.Requirements.OfType<RolesAuthorizationRequirement>().SelectMany(static it => it.AllowedRoles) ?? [];

    private static IEnumerable<string> PolicyNamesOf(InspectedEndpoint endpoint) =>
        endpoint.Policy is null
            ? []
            : endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(static it => it.Policy).OfType<string>();

    private static (string Problem, string Remedy)? FindFault(string scope)
    {
        if (scope.IndexOfAny(s_separators) >= 0)
        {
            string separated = string.Join(' ', scope.Split(s_separators, StringSplitOptions.RemoveEmptyEntries));
            return (
                $"\"{PolicyRemedy.Escape(scope)}\" is one scope, because only spaces separate scopes",
                $"If several are meant, write \"{PolicyRemedy.Escape(separated)}\"."
            );
        }

        if (scope.StartsWith(ScopePolicyName.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return (
                $"The scope \"{PolicyRemedy.Escape(scope)}\" has the prefix that belongs to names of policies",
                $"Write RequireScope(\"{PolicyRemedy.Escape(scope[ScopePolicyName.Prefix.Length..])}\") or the policy "
                    + $"\"{PolicyRemedy.Escape(scope)}\"."
            );
        }

        return ScopeToken.IsValid(scope)
            ? null
            : (
                $"The scope \"{PolicyRemedy.Escape(scope)}\" has characters that a scope cannot have (RFC 6749, section 3.3)",
                "Write the scope as the authorization server has it."
            );
    }

    private static (string Problem, string Remedy)? FindSpaces(string policy)
    {
        string? scopes = ScopePolicyName.ScopesOf(policy);
        string normal = string.Join(' ', scopes?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
        return scopes is null || scopes == normal
            ? null
            : (
                $"The policy \"{PolicyRemedy.Escape(policy)}\" has superfluous spaces",
                $"Write \"{ScopePolicyName.Prefix}{PolicyRemedy.Escape(normal)}\"."
            );
    }

    private static (string Problem, string Remedy)? FindScopeAsRole(string role) =>
        role.StartsWith(ScopePolicyName.Prefix, StringComparison.OrdinalIgnoreCase)
            ? (
                $"The role \"{PolicyRemedy.Escape(role)}\" has the prefix that belongs to names of policies",
                $"If the scope is meant, write Policy instead of Roles: [Authorize(Policy = \"{PolicyRemedy.Escape(role)}\")]."
            )
            : null;
}
