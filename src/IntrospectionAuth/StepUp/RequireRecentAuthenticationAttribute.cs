using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if its user has authenticated within the last seconds (RFC 9470: <c>auth_time</c>).</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and comes on top of the default policy; to
/// combine it with another policy, write a second attribute. Of several attributes, those of base classes and overridden methods included,
/// the shortest time counts. Users who authenticated longer ago get 401 <c>insufficient_user_authentication</c>, and so do those whose
/// token has no <c>auth_time</c>.
/// </remarks>
/// <param name="seconds">The longest time, in seconds, since the user authenticated. At least 1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is zero or negative.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireRecentAuthenticationAttribute(int seconds)
    : AuthorizeAttribute(StepUpPolicy.NameOf(new RecentAuthenticationRequirement(TimeSpan.FromSeconds(seconds))))
{
    // The policy says it all, because it is all that hubs and filters read; a requirement beside it would be overlooked there.

    /// <summary>Gets the longest time, in seconds, since the user authenticated.</summary>
    public int Seconds => seconds;

    /// <summary>Gets the name of the policy that stands for the time.</summary>
    public new string? Policy => base.Policy;
}
