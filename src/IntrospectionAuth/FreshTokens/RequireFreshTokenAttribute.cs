using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Policies;
using IntrospectionAuth.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>Lets a request in only if the authorization server has been asked about its token within the last seconds.</summary>
/// <remarks>
/// It is an <c>[Authorize]</c> for controllers, actions and endpoints, and comes on top of the default policy; to combine it with another
/// policy, write a second attribute. Of several attributes, those of base classes and overridden methods included, the lowest age counts.
/// While the server cannot answer, the caller gets 503. Where the demand is no metadata of the endpoint, nobody is let in, because it was
/// not known when the token was looked at: on a SignalR hub method, and in an <c>AuthorizeFilter</c>. On the hub itself it holds for the
/// beginning of the connection.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequireFreshTokenAttribute : AuthorizeAttribute, IFreshTokenMetadata
{
    // The policy says it all, because it is all that hubs and filters read; a requirement beside it would be overlooked there.

    /// <summary>Initializes the demand.</summary>
    /// <param name="seconds">The age, in seconds, from which on an answer does not do. 0: the server is asked for each request.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
    public RequireFreshTokenAttribute(int seconds)
        : base(RequirementPolicyProvider.FreshOnTopOfDefaultPrefix + seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        Seconds = seconds;
    }

    /// <summary>Gets the age, in seconds, from which on an answer does not do.</summary>
    public int Seconds { get; }

    /// <summary>Gets the age from which on an answer does not do.</summary>
    public TimeSpan MaximumAge => TimeSpan.FromSeconds(Seconds);

    /// <summary>Gets the name of the policy that stands for the demand.</summary>
    public new string? Policy => base.Policy;
}
