namespace IntrospectionAuth.Tenants;

/// <summary>The names of the policies that <see cref="RequireTenantAttribute"/> stands for.</summary>
internal static class TenantPolicy
{
    private const string RoutePrefix = "default+tenant:route:";
    private const string HeaderPrefix = "default+tenant:header:";

    // The claim comes last, since its name may hold anything.
    public static string NameOf(TenantRequirement requirement) =>
        requirement.RouteValue is { } routeValue
            ? $"{RoutePrefix}{Uri.EscapeDataString(routeValue)}:{requirement.Claim}"
            : $"{HeaderPrefix}{Uri.EscapeDataString(requirement.Header!)}:{requirement.Claim}";

    /// <returns>What the policy adds to the default policy; null when the name is another's.</returns>
    public static TenantRequirement? Find(string name)
    {
        bool isRoute = name.StartsWith(RoutePrefix, StringComparison.Ordinal);
        if (!isRoute && !name.StartsWith(HeaderPrefix, StringComparison.Ordinal))
            return null;

        string[] parts = name[(isRoute ? RoutePrefix : HeaderPrefix).Length..].Split(':', 2);
        if (parts is not [string escaped, string claim] || Uri.UnescapeDataString(escaped) is not { } source)
            return null;
        if (string.IsNullOrWhiteSpace(source) || string.IsNullOrWhiteSpace(claim))
            return null;

        return isRoute ? new TenantRequirement(claim, source, header: null) : new TenantRequirement(claim, routeValue: null, source);
    }
}
