using System.Text;
using IntrospectionAuth.Authorization;

namespace IntrospectionAuth.Policies;

/// <summary>What to do about a policy that does not exist.</summary>
internal static class PolicyRemedy
{
    private const int MaximumLength = 100;

    /// <summary>The name of a policy as a message has it after "The policy".</summary>
    public static string Describe(string policy) =>
        AttributePolicyName.Parse(policy) is ({ } attribute, _)
            ? $"of [{attribute.Replace(nameof(Attribute), "", StringComparison.Ordinal)}]"
            : $"\"{Escape(policy)}\"";

    /// <param name="policy">The name of the policy.</param>
    /// <param name="hasOwnPolicies">Whether the application's policy provider is ours.</param>
    public static string For(string policy, bool hasOwnPolicies)
    {
        if (!hasOwnPolicies && (ScopePolicyName.ScopesOf(policy) is not null || AttributePolicyName.Parse(policy) is not null))
        {
            return "The application's own IAuthorizationPolicyProvider has replaced the one that provides it: register it before "
                + "AddOAuthIntrospection, which wraps it.";
        }

        string trimmed = policy.Trim();
        if (trimmed.StartsWith(ScopePolicyName.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            string scopes = trimmed[ScopePolicyName.Prefix.Length..].Trim();
            return scopes.Length == 0
                ? "Name the scope after the colon: \"scope:read\"."
                : $"The prefix scope: is in lower case and comes first. Write \"scope:{Escape(scopes)}\".";
        }

        return $"Register it with AddAuthorizationBuilder().AddPolicy(\"{Escape(policy)}\", …). If a scope is meant, write "
            + $"\"scope:{Escape(policy)}\" or RequireScope(\"{Escape(policy)}\").";
    }

    /// <summary>Shortens a name, and replaces its control characters.</summary>
    public static string Escape(string name)
    {
        var escaped = new StringBuilder();
        foreach (char character in name.AsSpan(0, Math.Min(name.Length, MaximumLength)))
            escaped.Append(char.IsControl(character) ? '?' : character);
        return name.Length > MaximumLength ? escaped.Append('…').ToString() : escaped.ToString();
    }
}
