using System.Globalization;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Requires that the user authenticated within the last seconds (RFC 9470: <c>auth_time</c>).</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions, endpoints, hubs and hub methods, and applies in addition to the default policy. To
/// combine it with another policy, add a second attribute. When several attributes apply, including those of base classes and overridden
/// methods, the shortest time counts. Users who authenticated earlier, and users whose token has no <c>auth_time</c>, get 401
/// <c>insufficient_user_authentication</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireRecentAuthenticationAttribute : AuthorizeAttribute
{
    /// <summary>Initializes the attribute.</summary>
    /// <param name="seconds">The maximum time since the user authenticated, in seconds. At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is zero or negative.</exception>
    public RequireRecentAuthenticationAttribute(int seconds)
        : base(AttributePolicyName.Create(nameof(RequireRecentAuthenticationAttribute), seconds.ToString(CultureInfo.InvariantCulture)))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        Seconds = seconds;
    }

    /// <summary>Gets the maximum time since the user authenticated, in seconds.</summary>
    public int Seconds { get; }

    /// <summary>Gets the name of the policy that requires the recent authentication.</summary>
    public new string? Policy => base.Policy;
}
