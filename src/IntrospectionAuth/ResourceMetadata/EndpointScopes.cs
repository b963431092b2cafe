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
            _snapshot = snapshot = await CollectAsync(services);

        return snapshot.Policies.Where(policy => policy.Schemes.Include(scheme)).SelectMany(static policy => policy.Scopes);
    }

    private async Task<Snapshot> CollectAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredService<IAuthorizationPolicyProvider>();
        IChangeToken changeToken = endpoints.GetChangeToken(); // before the endpoints, so that a change in between is detected next time

        var policies = new List<EndpointPolicy>();
        foreach (Endpoint endpoint in endpoints.Endpoints)
        {
            if (await EndpointPolicyReader.ReadAsync(endpoint.Metadata, provider) is not { } policy)
                continue;

            string[] scopes = [.. policy.Requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes)];
            if (scopes.Length > 0)
                policies.Add(new EndpointPolicy(await AcceptedSchemes.OfAsync(policy, services), scopes));
        }

        return new Snapshot(changeToken, policies);
    }

    private sealed record EndpointPolicy(AcceptedSchemes Schemes, string[] Scopes);

    private sealed record Snapshot(IChangeToken ChangeToken, List<EndpointPolicy> Policies);
}
