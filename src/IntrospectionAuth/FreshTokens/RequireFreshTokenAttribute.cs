using System.Globalization;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.FreshTokens;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Requires that the authorization server responded about the caller's token within the last seconds.</summary>
/// <remarks>
/// <para>
/// It is an <c>[Authorize]</c> for controllers, actions and endpoints, and applies in addition to the default policy. To combine it with
/// another policy, add a second attribute. When several attributes apply, including those of base classes and overridden methods, the
/// lowest age counts. While the authorization server is unavailable, callers get 503.
/// </para>
/// <para>
/// The handler reads the required freshness from the endpoint's metadata when it authenticates the request. On a hub it applies to the
/// start of the connection. On a hub method and in an <c>AuthorizeFilter</c> it comes too late, so every caller is forbidden.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireFreshTokenAttribute : AuthorizeAttribute, IFreshTokenMetadata
{
    /// <summary>Initializes the attribute.</summary>
    /// <param name="seconds">The maximum age of the response, in seconds. 0 requires a new response for each request.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
    public RequireFreshTokenAttribute(int seconds)
        : base(AttributePolicyName.Create(nameof(RequireFreshTokenAttribute), seconds.ToString(CultureInfo.InvariantCulture)))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        Seconds = seconds;
    }

    /// <summary>Gets the maximum age of the response, in seconds.</summary>
    public int Seconds { get; }

    /// <summary>Gets the maximum age of the response.</summary>
    public TimeSpan MaximumAge => TimeSpan.FromSeconds(Seconds);

    /// <summary>Gets the name of the policy that requires the fresh token.</summary>
    public new string? Policy => base.Policy;
}
