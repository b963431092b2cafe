using IntrospectionAuth.Tenants;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>
/// Lets a request in only if its token was issued for the tenant that the request names: by a route value, or by a header.
/// </summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints and hubs, and comes on top of the default policy; to combine it with
/// another policy, write a second attribute. Of several attributes, those of base classes and overridden methods included, each must be
/// met. It reads the response's own member, as <see cref="Microsoft.AspNetCore.Builder.TenantExtensions"/> says. A hub method has no route
/// value and no header, so nobody may call one that has the attribute: put it on the hub.
/// </remarks>
/// <param name="claim">The member of the response, <c>workspace_id</c> for one, or the path into an object, as in
/// <c>ClaimMappings</c>.</param>
/// <param name="routeValue">The name of the route value that must be equal to it, ordinally.</param>
/// <param name="header">The name of the request header that must be equal to it, ordinally, in place of a route value.</param>
/// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireTenantAttribute(string claim, string? routeValue = null, string? header = null)
    : AuthorizeAttribute(TenantPolicy.NameOf(new TenantRequirement(claim, routeValue, header)))
{
    // The policy says it all, because it is all that hubs and filters read; a requirement beside it would be overlooked there.

    /// <summary>Gets the member of the response.</summary>
    public string Claim => claim;

    /// <summary>Gets the name of the route value that must be equal to it.</summary>
    /// <value><see langword="null"/> when a header must be.</value>
    public string? RouteValue => routeValue;

    /// <summary>Gets the name of the request header that must be equal to it.</summary>
    /// <value><see langword="null"/> when a route value must be.</value>
    public string? Header => header;

    /// <summary>Gets the name of the policy that stands for the rule.</summary>
    public new string? Policy => base.Policy;
}
