using IntrospectionAuth;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

[McpServerResourceType]
internal sealed class NoteResources(Invocations invocations)
{
    [McpServerResource(UriTemplate = "notes://secret", Name = "secret"), RequireScope("notes:secret")]
    public string Secret() => invocations.Add("secret");

    [McpServerResource(UriTemplate = "notes://by-id/{id}", Name = "note"), Authorize(Policy = "scope:notes:secret")]
    public string Note(string id) => invocations.Add("note " + id);
}
