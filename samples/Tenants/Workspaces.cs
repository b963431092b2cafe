using System.Collections.Concurrent;
using IntrospectionAuth;
using IntrospectionAuth.Testing;

namespace Tenants;

/// <summary>The workspaces and their authorization servers, in place of your database.</summary>
internal sealed class Workspaces : ConcurrentDictionary<string, FakeAuthorizationServer>, IOAuthIntrospectionTenantResolver
{
    public ValueTask<string?> FindNameAsync(OAuthIntrospectionTenantRequest request) =>
        OAuthIntrospectionTenantNames.FromRouteValue("workspace")(request);

    public ValueTask<bool> ConfigureAsync(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken)
    {
        // A caller chooses the name. Without a row for it there is no such tenant, and no server is called.
        if (!TryGetValue(tenant.Name, out FakeAuthorizationServer? server))
            return new(false);

        tenant.Options.IntrospectionEndpoint = server.IntrospectionEndpoint;
        tenant.Options.ClientId = server.ClientId;
        tenant.Options.ClientSecret = server.ClientSecret;
        tenant.Options.Resource = $"https://api.example.com/workspaces/{tenant.Name}";
        tenant.Options.ResourceMetadata.AuthorizationServers.Add($"https://login.{tenant.Name}.example");
        return new(true);
    }
}
