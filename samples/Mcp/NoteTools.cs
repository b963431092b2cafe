using System.ComponentModel;
using System.Security.Claims;
using IntrospectionAuth;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;

namespace Mcp;

/// <summary>The tools. An attribute names the scope that a tool requires in addition to that of the endpoint.</summary>
[McpServerToolType]
internal sealed class NoteTools(Notes notes)
{
    [McpServerTool(Name = "list_notes", ReadOnly = true), Description("Lists your notes.")]
    public string ListNotes(ClaimsPrincipal user) => string.Join('\n', notes.Of(Subject(user)));

    [McpServerTool(Name = "add_note"), Description("Adds a note.")]
    [Authorize(Policy = "scope:notes:write")]
    public string AddNote(ClaimsPrincipal user, [Description("The text of the note.")] string text)
    {
        notes.Add(Subject(user), text);
        return "Added.";
    }

    [McpServerTool(Name = "delete_notes", Destructive = true), Description("Deletes your notes.")]
    [RequireScope("notes:write", "notes:delete")]
    public string DeleteNotes(ClaimsPrincipal user)
    {
        notes.Clear(Subject(user));
        return "Deleted.";
    }

    private static string Subject(ClaimsPrincipal user) => user.FindFirst("sub")?.Value ?? throw new InvalidOperationException("No sub.");
}
