using System.Globalization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.FreshTokens;

/// <summary>The requirement that the authorization server responded about the caller's token recently.</summary>
internal sealed class FreshTokenRequirement : IAuthorizationRequirement
{
    public FreshTokenRequirement(TimeSpan maximumAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAge, TimeSpan.Zero);
        MaximumAge = maximumAge;
    }

    /// <summary>The maximum age of the response. Zero requires a new response for each request.</summary>
    public TimeSpan MaximumAge { get; }

    public static FreshTokenRequirement? Parse(string[] arguments) =>
        arguments is [string age] && int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? new FreshTokenRequirement(TimeSpan.FromSeconds(seconds))
            : null;

    public override string ToString() => $"{nameof(FreshTokenRequirement)}: {MaximumAge}";
}
