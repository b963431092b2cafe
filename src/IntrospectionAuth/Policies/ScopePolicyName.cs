namespace IntrospectionAuth.Policies;

/// <summary>The names of policies that require scopes.</summary>
internal static class ScopePolicyName
{
    public const string Prefix = "scope:";

    /// <returns>The scopes, separated by spaces; null when the policy has another name.</returns>
    public static string? ScopesOf(string policy) => policy.StartsWith(Prefix, StringComparison.Ordinal) ? policy[Prefix.Length..] : null;
}
