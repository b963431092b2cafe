using IntrospectionAuth.Authorization;
using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Requires that the user authenticated with one of the named methods (RFC 9470: <c>acr</c>).</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and applies in addition to the default policy. To
/// combine it with another policy, add a second attribute. The values of one attribute are alternatives. When several attributes apply,
/// including those of base classes and overridden methods, each must be met. Users who authenticated with another method, and users whose
/// token has no <c>acr</c>, get 401 <c>insufficient_user_authentication</c>.
/// </remarks>
/// <param name="acrValues">
/// The accepted values of <c>acr</c>, the preferred one first; one string may hold several, separated by spaces. They are compared
/// ordinally.
/// </param>
/// <exception cref="ArgumentException">No value is named.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireAcrAttribute(params string[] acrValues)
    : AuthorizeAttribute(AttributePolicyName.Create(nameof(RequireAcrAttribute), new AcrRequirement(acrValues).Values))
{
    /// <summary>Gets the accepted values of <c>acr</c>, the preferred one first.</summary>
    public IReadOnlyList<string> AcrValues { get; } = new AcrRequirement(acrValues).Values;

    /// <summary>Gets the name of the policy that requires one of the values.</summary>
    public new string? Policy => base.Policy;
}
