using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Adds the filters that run around those of the SDK, and restore to each list what needs nothing but another scope.</summary>
internal sealed class RestoreListed(PrimitivePolicyReader policies) : IConfigureOptions<McpServerOptions>
{
    public void Configure(McpServerOptions options)
    {
        var lists = new PrimitiveLists(policies, options);
        McpRequestFilters filters = options.Filters.Request;
        filters.ListToolsFilters.Add(lists.Tools.Restore);
        filters.ListPromptsFilters.Add(lists.Prompts.Restore);
        filters.ListResourcesFilters.Add(lists.Resources.Restore);
        filters.ListResourceTemplatesFilters.Add(lists.Templates.Restore);
    }
}
