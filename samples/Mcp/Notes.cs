using System.Collections.Concurrent;

namespace Mcp;

/// <summary>The notes of each user, in memory.</summary>
internal sealed class Notes
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _notes = new(StringComparer.Ordinal);

    public IEnumerable<string> Of(string subject) => _notes.TryGetValue(subject, out ConcurrentQueue<string>? notes) ? notes : [];

    public void Add(string subject, string text) => _notes.GetOrAdd(subject, static _ => []).Enqueue(text);

    public void Clear(string subject) => _notes.TryRemove(subject, out _);
}
