using IntrospectionAuth.Authorization;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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

        return snapshot
            .Policies.Where(policy => policy.AcceptsAnyScheme || policy.Schemes.Contains(scheme, StringComparer.Ordinal))
            .SelectMany(static policy => policy.Scopes);
    }

    private async Task<Snapshot> CollectAsync(IServiceProvider services)
    {
        var schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
        var provider = services.GetRequiredService<IAuthorizationPolicyProvider>();
        IChangeToken changeToken = endpoints.GetChangeToken(); // before the endpoints, so that a change in between is detected next time
        string[] byDefault = await schemes.GetDefaultAuthenticateSchemeAsync() is { } scheme ? [scheme.Name] : [];

        var policies = new List<EndpointPolicy>();
        foreach (Endpoint endpoint in endpoints.Endpoints)
        {
            if (await EndpointPolicyReader.ReadAsync(endpoint.Metadata, provider) is not { } policy)
                continue;

            string[] scopes = [.. policy.Requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes)];
            if (scopes.Length > 0)
                policies.Add(await CreateAsync(services, policy.AuthenticationSchemes is { Count: > 0 } named ? named : byDefault, scopes));
        }

        return new Snapshot(changeToken, policies);
    }

    private static async Task<EndpointPolicy> CreateAsync(IServiceProvider services, IReadOnlyList<string> schemes, string[] scopes)
    {
        var provider = services.GetRequiredService<IAuthenticationSchemeProvider>();
        var selectors = services.GetRequiredService<IOptionsMonitor<BearerSelectorOptions>>();
        List<string> accepted = [.. schemes];
        bool acceptsAnyScheme = false;
        for (int i = 0; i < accepted.Count; i++)
        {
            Type? handler = (await provider.GetSchemeAsync(accepted[i]))?.HandlerType;
            if (handler == typeof(BearerSelectorHandler))
                accepted.AddRange(selectors.Get(accepted[i]).Schemes); // A selector never selects another one.

            // Which schemes it forwards to depends on the request.
            acceptsAnyScheme |= handler?.IsAssignableTo(typeof(PolicySchemeHandler)) == true;
        }

        return new EndpointPolicy(accepted, acceptsAnyScheme, scopes);
    }

    private sealed record EndpointPolicy(IReadOnlyList<string> Schemes, bool AcceptsAnyScheme, string[] Scopes);

    private sealed record Snapshot(IChangeToken ChangeToken, List<EndpointPolicy> Policies);
}
