using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.FreshTokens;

/// <summary>The requirement that the authorization server has been asked about the caller's token lately.</summary>
internal sealed class FreshTokenRequirement : IAuthorizationRequirement
{
    /// <summary>Initializes the requirement.</summary>
    /// <param name="maximumAge">The age from which on an answer does not do. <see cref="TimeSpan.Zero"/>: the server is asked for each request.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    public FreshTokenRequirement(TimeSpan maximumAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAge, TimeSpan.Zero);
        MaximumAge = maximumAge;
    }

    /// <summary>Gets the age from which on an answer does not do.</summary>
    public TimeSpan MaximumAge { get; }

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The age.</returns>
    public override string ToString() => $"{nameof(FreshTokenRequirement)}: {MaximumAge}";
}
