using IntrospectionAuth.Authorization;
using IntrospectionAuth.Policies;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds endpoints that require a policy which does not exist. Every request to them fails with 500.</summary>
internal static class UnknownPolicyCheck
{
    private const string Name = "UnknownPolicy";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts) =>
        facts
            .Endpoints.SelectMany(static endpoint => endpoint.UnknownPolicies.Select(policy => (Policy: policy, Endpoint: endpoint)))
            .GroupBy(static it => it.Policy, static it => it.Endpoint, StringComparer.Ordinal)
            .Select(it => new StartupFinding(
                Name,
                $"The policy {PolicyRemedy.Describe(it.Key)} does not exist, but it is required by {InspectedEndpoint.Describe(it)}. "
                    + PolicyRemedy.For(it.Key, facts.HasOwnPolicies)
            )
            {
                IsFatal = facts.ArePoliciesFinal,
            });
}
