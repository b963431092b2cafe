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
        return metadata.GetMetadata<IAllowAnonymous>() is null ? await CombineAsync(metadata, provider) : null;
    }

    /// <summary>Reads the policy whose schemes authenticate a request, also where the endpoint allows anonymous callers.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public static async Task<AuthorizationPolicy?> CombineAsync(EndpointMetadataCollection metadata, IAuthorizationPolicyProvider provider)
    {
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
