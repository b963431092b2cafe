using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>Builds the principal of one request. No request shares its objects with another.</summary>
internal static class PrincipalBuilder
{
    public static ClaimsPrincipal Build(
        IntrospectionResponse response,
        in ResponseFacts facts,
        string scheme,
        OAuthIntrospectionOptions options
    )
    {
        string issuer = string.IsNullOrEmpty(facts.Issuer) ? options.ClaimsIssuer ?? scheme : facts.Issuer;
        IDictionary<string, string> mappings = options.ClaimMappings;
        bool hasClaims = mappings.Count == 0 ? facts.HasMembers : ClaimMapper.Map(response, mappings).Length > 0;
        return new(new DeferredIdentity(response, mappings, hasClaims, issuer, scheme, options.NameClaimType, options.RoleClaimType));
    }

    public static bool HasRequiredClaims(IntrospectionResponse response, OAuthIntrospectionOptions options)
    {
        for (int i = 0; i < options.RequiredClaims.Count; i++)
        {
            if (!HasClaim(response, options, options.RequiredClaims[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether the claims of the response, after mapping, include one of the type.</summary>
    public static bool HasClaim(IntrospectionResponse response, OAuthIntrospectionOptions options, string type)
    {
        foreach (MemberValue member in ClaimMapper.Map(response, options.ClaimMappings))
        {
            if (member.Name == type)
                return true;
        }

        return false;
    }
}
