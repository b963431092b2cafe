using IntrospectionAuth;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

[McpServerPromptType]
internal sealed class NotePrompts(Invocations invocations)
{
    [McpServerPrompt(Name = "draft"), RequireScope("notes:write")]
    public string Draft() => invocations.Add("draft");
}
