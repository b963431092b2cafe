using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if its token has all the scopes.</summary>
/// <remarks>It does what <c>[Authorize(Policy = "scope:…")]</c> does, without the prefix, and also combines with a policy or roles.</remarks>
/// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
/// <exception cref="ArgumentException">No scope is named.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute(params string[] scopes) : AuthorizeAttribute, IAuthorizationRequirementData
{
    private readonly ScopeRequirement _requirement = ScopeRequirement.All(scopes);

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes => _requirement.Scopes;

    /// <inheritdoc />
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [_requirement];
}
