using IntrospectionAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

[McpServerToolType]
internal sealed class NoteTools(Invocations invocations)
{
    [McpServerTool(Name = "list")]
    public string List() => invocations.Add("list");

    [McpServerTool(Name = "add"), Authorize(Policy = "scope:notes:write")]
    public string Add(string? text = null) => invocations.Add("add" + text);

    [McpServerTool(Name = "purge"), RequireScope("notes:write", "notes:purge")]
    public string Purge() => invocations.Add("purge");

    [McpServerTool(Name = "audit"), Authorize(Roles = "auditor")]
    public string Audit() => invocations.Add("audit");

    [McpServerTool(Name = "approve"), Authorize(Policy = "scope:notes:approve", Roles = "auditor")]
    public string Approve() => invocations.Add("approve");

    [McpServerTool(Name = "help"), Authorize(Policy = "scope:notes:write"), AllowAnonymous]
    public string Help() => invocations.Add("help");

    [McpServerTool(Name = "token")]
    public static async Task<string> TokenAsync(IHttpContextAccessor accessor) =>
        await accessor.HttpContext!.GetTokenAsync("access_token") ?? "no token";
}
