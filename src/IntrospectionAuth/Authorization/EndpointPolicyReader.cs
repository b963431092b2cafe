using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Authorization;

/// <summary>Reads the policy of an endpoint, as the authorization middleware does.</summary>
internal static class EndpointPolicyReader
{
    /// <returns>The combined policy; null when there is none, or the endpoint allows anonymous callers.</returns>
    /// <exception cref="InvalidOperationException">The endpoint names a policy that does not exist.</exception>
    public static async Task<AuthorizationPolicy?> ReadAsync(EndpointMetadataCollection metadata, IAuthorizationPolicyProvider provider)
    {
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
            return null;

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            provider,
            metadata.GetOrderedMetadata<IAuthorizeData>(),
            metadata.GetOrderedMetadata<AuthorizationPolicy>()
        );
        IAuthorizationRequirement[] requirements =
        [
            .. metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(static data => data.GetRequirements()),
        ];
        if (requirements.Length == 0)
            return policy;

        var builder = new AuthorizationPolicyBuilder().AddRequirements(requirements);
        return (policy is null ? builder : builder.Combine(policy)).Build();
    }
}
