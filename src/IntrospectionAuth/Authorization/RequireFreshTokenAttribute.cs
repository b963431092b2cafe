using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if the authorization server has been asked about its token within the last seconds.</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions and endpoints, and comes on top of the default policy. Of several on one endpoint the strictest counts. While the server
/// cannot answer, the caller gets 503. Methods of SignalR hubs have no request of their own: put it on the hub's endpoint, where it holds for the connection's beginning.
/// </remarks>
/// <param name="seconds">The age, in seconds, from which on an answer does not do. 0: the server is asked for each request.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireFreshTokenAttribute(int seconds) : AuthorizeAttribute, IAuthorizationRequirementData, IFreshTokenMetadata
{
    /// <summary>Gets the age, in seconds, from which on an answer does not do.</summary>
    public int Seconds { get; } = seconds;

    /// <summary>Gets the age from which on an answer does not do.</summary>
    public TimeSpan MaximumAge => Requirement.MaximumAge;

    private FreshTokenRequirement Requirement { get; } = new(TimeSpan.FromSeconds(seconds));

    /// <summary>Gets the requirement.</summary>
    /// <returns>One requirement.</returns>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [Requirement];
}
