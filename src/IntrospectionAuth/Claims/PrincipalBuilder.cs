using System.Security.Claims;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Claims;

/// <summary>Builds the principal of one request: its own objects, whatever other requests do with theirs.</summary>
internal static class PrincipalBuilder
{
    public static ClaimsPrincipal Build(MemberValue[] members, string issuer, string scheme, OAuthIntrospectionOptions options) =>
        new(new DeferredIdentity(members, issuer, scheme, options.NameClaimType, options.RoleClaimType));

    /// <summary>Whether every required claim is there.</summary>
    public static bool HasRequiredClaims(MemberValue[] members, IList<string> required)
    {
        for (int i = 0; i < required.Count; i++)
        {
            if (!Has(members, required[i]))
                return false;
        }

        return true;
    }

    private static bool Has(MemberValue[] members, string name)
    {
        foreach (MemberValue member in members)
        {
            if (member.Name == name)
                return true;
        }

        return false;
    }
}
