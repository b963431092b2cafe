using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if its user has authenticated in one of the ways named (RFC 9470: <c>acr</c>).</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and comes on top of the default policy; to
/// combine it with another policy, write a second attribute. The values of one attribute are alternatives; of several attributes, those of
/// base classes and overridden methods included, each must be met. Users who authenticated in another way get 401
/// <c>insufficient_user_authentication</c>, and so do those whose token has no <c>acr</c>.
/// </remarks>
/// <param name="acrValues">The values of <c>acr</c> that do, the preferred one first; one string may hold several, separated by spaces. They are compared ordinally.</param>
/// <exception cref="ArgumentException">No value is named.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireAcrAttribute(params string[] acrValues) : AuthorizeAttribute(StepUpPolicy.NameOf(new AcrRequirement(acrValues)))
{
    // The policy says it all, because it is all that hubs and filters read; a requirement beside it would be overlooked there.

    /// <summary>Gets the values of <c>acr</c> that do, the preferred one first.</summary>
    public IReadOnlyList<string> AcrValues { get; } = new AcrRequirement(acrValues).Values;

    /// <summary>Gets the name of the policy that stands for the values.</summary>
    public new string? Policy => base.Policy;
}
