using Microsoft.AspNetCore.SignalR;

namespace IntrospectionAuth.Tests.Tenants;

/// <summary>A hub for one workspace at a time.</summary>
[RequireTenant("workspace_id", routeValue: "workspaceId")]
public sealed class TenantHub : Hub
{
    public string Anything() => "anything" + Context.Items.Count;

    [RequireTenant("workspace_id", routeValue: "workspaceId")]
    public string Tenants() => Context.ConnectionId;
}
