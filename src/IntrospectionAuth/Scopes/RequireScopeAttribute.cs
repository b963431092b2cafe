using IntrospectionAuth.Policies;
using IntrospectionAuth.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if its token has all the scopes.</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and comes on top of the default policy. To
/// combine it with another policy, write a second attribute. Of several attributes, those of base classes and overridden methods included,
/// each must be met.
/// </remarks>
/// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
/// <exception cref="ArgumentException">No scope is named.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireScopeAttribute(params string[] scopes)
    : AuthorizeAttribute(RequirementPolicyProvider.OnTopOfDefaultPrefix + string.Join(' ', ScopeRequirement.All(scopes).Scopes))
{
    // The policy says it all, because it is all that hubs and filters read; a requirement beside it would be overlooked there.

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes { get; } = ScopeRequirement.All(scopes).Scopes;

    /// <summary>Gets the name of the policy that stands for the scopes.</summary>
    public new string? Policy => base.Policy;
}
