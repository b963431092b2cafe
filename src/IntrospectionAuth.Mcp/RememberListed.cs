using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Adds the filters that run within those of the SDK, and remember each list before the SDK shortens it.</summary>
internal sealed class RememberListed(PrimitivePolicyReader policies) : IConfigureOptions<McpServerOptions>
{
    public void Configure(McpServerOptions options)
    {
        var lists = new PrimitiveLists(policies, options);
        McpRequestFilters filters = options.Filters.Request;
        filters.ListToolsFilters.Add(lists.Tools.Remember);
        filters.ListPromptsFilters.Add(lists.Prompts.Remember);
        filters.ListResourcesFilters.Add(lists.Resources.Remember);
        filters.ListResourceTemplatesFilters.Add(lists.Templates.Remember);
    }
}
