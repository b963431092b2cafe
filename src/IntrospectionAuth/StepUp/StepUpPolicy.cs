using System.Globalization;
using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>The names of the policies that our step-up attributes stand for.</summary>
internal static class StepUpPolicy
{
    private const string AcrPrefix = "default+acr:";
    private const string MaxAgePrefix = "default+max_age:";

    public static string NameOf(AcrRequirement requirement) => AcrPrefix + string.Join(' ', requirement.Values);

    public static string NameOf(RecentAuthenticationRequirement requirement) =>
        MaxAgePrefix + ((long)requirement.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <returns>What the policy adds to the default policy; null when the name is another's.</returns>
    public static IAuthorizationRequirement? Find(string name)
    {
        if (name.StartsWith(AcrPrefix, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(name[AcrPrefix.Length..]))
            return new AcrRequirement([name[AcrPrefix.Length..]]);

        return
            name.StartsWith(MaxAgePrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(MaxAgePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds > 0
            ? new RecentAuthenticationRequirement(TimeSpan.FromSeconds(seconds))
            : null;
    }
}
