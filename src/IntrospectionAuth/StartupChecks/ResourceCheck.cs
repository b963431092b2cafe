namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds options of <see cref="OAuthIntrospectionOptions.Resource"/> that clients, or this API, need in addition.</summary>
internal static class ResourceCheck
{
    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        foreach ((string scheme, OAuthIntrospectionOptions options) in facts.IntrospectionSchemes)
        {
            if (options.Resource is null || options.ResolvesTenants)
                continue; // each tenant may have what is missing, and is not known yet

            if (options.Audiences.Count == 0)
            {
                yield return new StartupFinding(
                    "ResourceWithoutAudiences",
                    $"Scheme {scheme}: Resource is set, but Audiences is not, so tokens that were issued for other APIs are accepted. Set "
                        + "Audiences to the aud of this API's tokens, which is usually the value of Resource."
                );
            }

            bool isServerNamed = facts.IntrospectionSchemes.Values.Any(other =>
                other.Resource == options.Resource
                && (other.ResourceMetadata.AuthorizationServers.Count > 0 || !string.IsNullOrWhiteSpace(other.Authority))
            );
            if (!isServerNamed)
            {
                yield return new StartupFinding(
                    "ResourceWithoutAuthorizationServers",
                    $"Scheme {scheme}: Resource is set, but its metadata names no authorization server, so clients that rely on it, MCP "
                        + "clients for example, cannot obtain a token. Set ResourceMetadata.AuthorizationServers to the server's issuer, "
                        + "or set Authority."
                );
            }
        }
    }
}
