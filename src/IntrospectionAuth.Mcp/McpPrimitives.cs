using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>The tools, prompts and resources that every session has, and their policies.</summary>
internal sealed class McpPrimitives(IOptions<McpServerOptions> server, PrimitivePolicyReader policies)
{
    public McpServerOptions Server => server.Value;

    public PrimitivePolicyReader Policies => policies;

    public IEnumerable<IMcpServerPrimitive> All =>
        [
            .. Server.ToolCollection ?? [],
            .. Server.PromptCollection ?? [],
            .. (IEnumerable<McpServerResource>?)Server.ResourceCollection ?? [],
        ];

    /// <summary>The scopes that a token may need here, in the order in which the server lists what requires them.</summary>
    public async Task<IReadOnlyList<string>> FindScopesAsync()
    {
        List<string> scopes = [];
        foreach (IMcpServerPrimitive primitive in All)
        {
            if (await policies.ReadAsync(primitive) is { } policy)
                scopes.AddRange(policy.Requirements.OfType<ScopeRequirement>().SelectMany(static requirement => requirement.Scopes));
        }

        return [.. scopes.Distinct(StringComparer.Ordinal)];
    }
}
