using IntrospectionAuth.Authorization;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Collects the scopes that the application's endpoints require, once and again when the endpoints change.</summary>
internal sealed class EndpointScopes(EndpointDataSource endpoints)
{
    private volatile Snapshot? _snapshot;

    /// <summary>Gets the scopes of the endpoints that accept tokens of a scheme, in the order of the endpoints.</summary>
    public async Task<IEnumerable<string>> OfAsync(string scheme, IServiceProvider services)
    {
        Snapshot? snapshot = _snapshot;
        if (snapshot is null || snapshot.ChangeToken.HasChanged)
        {
            snapshot = await CollectAsync(services);
            if (snapshot.IsComplete)
                _snapshot = snapshot;
        }

        return snapshot.Policies.Where(policy => policy.Schemes.Include(scheme)).SelectMany(static policy => policy.Scopes);
    }

    private async Task<Snapshot> CollectAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredService<IAuthorizationPolicyProvider>();
        IChangeToken changeToken = endpoints.GetChangeToken(); // before the endpoints, so that a change in between is detected next time

        var policies = new List<EndpointPolicy>();
        bool isComplete = true;
        foreach (Endpoint endpoint in endpoints.Endpoints)
        {
            try
            {
                if (await ReadAsync(endpoint, provider, services) is { } policy)
                    policies.Add(policy);
            }
            catch (Exception)
            {
                isComplete = false; // its policy does not exist, or the application's provider fails: requests to it fail, too
            }
        }

        return new Snapshot(changeToken, policies, isComplete);
    }

    /// <returns>The scopes that an endpoint requires; null when it requires none.</returns>
    private static async Task<EndpointPolicy?> ReadAsync(
        Endpoint endpoint,
        IAuthorizationPolicyProvider provider,
        IServiceProvider services
    )
    {
        if (await EndpointPolicyReader.ReadAsync(endpoint.Metadata, provider) is not { } policy)
            return null;

        string[] scopes = [.. policy.Requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes)];
        return scopes.Length > 0 ? new EndpointPolicy(await AcceptedSchemes.OfAsync(policy, services), scopes) : null;
    }

    private sealed record EndpointPolicy(AcceptedSchemes Schemes, string[] Scopes);

    private sealed record Snapshot(IChangeToken ChangeToken, List<EndpointPolicy> Policies, bool IsComplete);
}
