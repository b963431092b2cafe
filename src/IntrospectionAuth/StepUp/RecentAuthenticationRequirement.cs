using System.Globalization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>The requirement that the user has authenticated lately (RFC 9470, section 3: <c>max_age</c>).</summary>
internal sealed class RecentAuthenticationRequirement : IAuthorizationRequirement
{
    /// <summary>Initializes the requirement.</summary>
    /// <param name="maxAge">The longest time since the user authenticated.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is less than a second.</exception>
    public RecentAuthenticationRequirement(TimeSpan maxAge)
    {
        // With zero every request would fail, also the one after the user has authenticated for it.
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, TimeSpan.FromSeconds(1));
        MaxAge = maxAge;
    }

    /// <summary>Gets the longest time since the user authenticated.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The time.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(RecentAuthenticationRequirement)}: {MaxAge}");
}
