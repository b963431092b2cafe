using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Notes;

/// <summary>Every method needs the scope read. A method may need more.</summary>
[Authorize(Policy = "scope:read")]
internal sealed class NoteBookService : NoteBook.NoteBookBase
{
    private static readonly ConcurrentQueue<Note> s_notes = new();

    [Authorize(Policy = "scope:write")]
    public override Task<Note> Add(Note request, ServerCallContext context)
    {
        s_notes.Enqueue(request);
        return Task.FromResult(request);
    }

    public override async Task List(ListRequest request, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        foreach (Note note in s_notes)
            await responseStream.WriteAsync(note, context.CancellationToken);
    }
}
