using System.Collections.Concurrent;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>The names of the tools, prompts and resources that have run, in order.</summary>
internal sealed class Invocations
{
    private readonly ConcurrentQueue<string> _names = new();

    public IReadOnlyCollection<string> Names => _names;

    public string Add(string name)
    {
        _names.Enqueue(name);
        return "did " + name;
    }
}
