using IntrospectionAuth.Authorization;
using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Requires that the caller's token was issued for the tenant that the request names by a route value or a header.</summary>
/// <remarks>
/// <para>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints and hubs, and applies in addition to the default policy. To combine it
/// with another policy, add a second attribute. When several attributes apply, including those of base classes and overridden methods, each
/// must be met. <see cref="Microsoft.AspNetCore.Builder.TenantExtensions"/> describes what is compared.
/// </para>
/// <para>
/// Put it on a hub, not on a hub method: a call of a hub method has neither route values nor headers, so every caller is forbidden.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireTenantAttribute : AuthorizeAttribute
{
    /// <summary>Initializes the attribute.</summary>
    /// <param name="claim">
    /// The member of the response, such as <c>workspace_id</c>, or a path into an object as in <c>ClaimMappings</c>.
    /// </param>
    /// <param name="routeValue">The name of the route value that must equal it, ordinally.</param>
    /// <param name="header">The name of the request header that must equal it, ordinally, instead of a route value.</param>
    /// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
    public RequireTenantAttribute(string claim, string? routeValue = null, string? header = null)
        : this(new TenantRequirement(claim, routeValue, header)) { }

    private RequireTenantAttribute(TenantRequirement requirement)
        : base(AttributePolicyName.Create(nameof(RequireTenantAttribute), requirement.Claim, requirement.RouteValue, requirement.Header))
    {
        Claim = requirement.Claim;
        RouteValue = requirement.RouteValue;
        Header = requirement.Header;
    }

    /// <summary>Gets the member of the response.</summary>
    public string Claim { get; }

    /// <summary>Gets the name of the route value that must equal it.</summary>
    /// <value><see langword="null"/> when a header must equal it.</value>
    public string? RouteValue { get; }

    /// <summary>Gets the name of the request header that must equal it.</summary>
    /// <value><see langword="null"/> when a route value must equal it.</value>
    public string? Header { get; }

    /// <summary>Gets the name of the policy that requires the tenant.</summary>
    public new string? Policy => base.Policy;
}
