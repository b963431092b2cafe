using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Reads the policies of tools, prompts and resources, and of endpoints.</summary>
internal sealed class PrimitivePolicyReader(IAuthorizationPolicyProvider provider)
{
    /// <returns>The policy of a primitive, as the SDK reads it; null when every caller of the endpoint may use the primitive.</returns>
    /// <exception cref="InvalidOperationException">The primitive names a policy that does not exist.</exception>
    public async Task<AuthorizationPolicy?> ReadAsync(IMcpServerPrimitive primitive) =>
        IsProtected(primitive.Metadata) ? await CombineAsync(primitive.Metadata) : null;

    /// <returns>The policy of an endpoint, as the authorization middleware reads it; null when there is none.</returns>
    /// <exception cref="InvalidOperationException">The endpoint names a policy that does not exist.</exception>
    public async Task<AuthorizationPolicy?> ReadAsync(Endpoint? endpoint) =>
        endpoint is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? null : await CombineAsync(endpoint.Metadata);

    private static bool IsProtected(IReadOnlyList<object> metadata) =>
        !metadata.OfType<IAllowAnonymous>().Any()
        && metadata.Any(static item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData);

    private async Task<AuthorizationPolicy?> CombineAsync(IReadOnlyList<object> metadata)
    {
        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            provider,
            metadata.OfType<IAuthorizeData>(),
            metadata.OfType<AuthorizationPolicy>()
        );
        IAuthorizationRequirement[] requirements =
        [
            .. metadata.OfType<IAuthorizationRequirementData>().SelectMany(static data => data.GetRequirements()),
        ];
        if (requirements.Length == 0)
            return policy;

        var builder = new AuthorizationPolicyBuilder().AddRequirements(requirements);
        return (policy is null ? builder : builder.Combine(policy)).Build();
    }
}
