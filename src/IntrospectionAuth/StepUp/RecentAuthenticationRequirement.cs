using System.Globalization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>The requirement that the user authenticated recently (RFC 9470, section 3: <c>max_age</c>).</summary>
internal sealed class RecentAuthenticationRequirement : IAuthorizationRequirement
{
    public RecentAuthenticationRequirement(TimeSpan maxAge)
    {
        // With zero, even the request right after the user authenticated would fail.
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, TimeSpan.FromSeconds(1));
        MaxAge = maxAge;
    }

    /// <summary>The maximum time since the user authenticated.</summary>
    public TimeSpan MaxAge { get; }

    public static RecentAuthenticationRequirement? Parse(string[] arguments) =>
        arguments is [string age] && int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0
            ? new RecentAuthenticationRequirement(TimeSpan.FromSeconds(seconds))
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(RecentAuthenticationRequirement)}: {MaxAge}");
}
