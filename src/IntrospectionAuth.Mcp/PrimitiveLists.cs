using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>The lists of one MCP server.</summary>
internal sealed class PrimitiveLists(PrimitivePolicyReader policies, McpServerOptions server)
{
    // The collections are read with each request, because they may be set after these filters.
    public ListedPrimitives<ListToolsRequestParams, ListToolsResult, Tool> Tools { get; } =
        new(policies, static result => result.Tools, tool => Find(server.ToolCollection, tool.Name));

    public ListedPrimitives<ListPromptsRequestParams, ListPromptsResult, Prompt> Prompts { get; } =
        new(policies, static result => result.Prompts, prompt => Find(server.PromptCollection, prompt.Name));

    public ListedPrimitives<ListResourcesRequestParams, ListResourcesResult, Resource> Resources { get; } =
        new(policies, static result => result.Resources, resource => Find(server.ResourceCollection, resource.Uri));

    public ListedPrimitives<ListResourceTemplatesRequestParams, ListResourceTemplatesResult, ResourceTemplate> Templates { get; } =
        new(policies, static result => result.ResourceTemplates, template => Find(server.ResourceCollection, template.UriTemplate));

    private static T? Find<T>(McpServerPrimitiveCollection<T>? primitives, string id)
        where T : class, IMcpServerPrimitive => primitives is not null && primitives.TryGetPrimitive(id, out T? found) ? found : null;
}
