using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Requires that the caller's token has all of the scopes.</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and applies in addition to the default policy. To
/// combine it with another policy, add a second attribute. When several attributes apply, including those of base classes and overridden
/// methods, each must be met.
/// </remarks>
/// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
/// <exception cref="ArgumentException">No scope is named.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireScopeAttribute(params string[] scopes)
    : AuthorizeAttribute(AttributePolicyName.Create(nameof(RequireScopeAttribute), ScopeRequirement.All(scopes).Scopes))
{
    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes { get; } = ScopeRequirement.All(scopes).Scopes;

    /// <summary>Gets the name of the policy that requires the scopes.</summary>
    public new string? Policy => base.Policy;
}
