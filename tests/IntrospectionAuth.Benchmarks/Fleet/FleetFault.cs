namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>A fault of the engine or of the network to it.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Begin">Begins it.</param>
/// <param name="End">Ends it.</param>
internal sealed record FleetFault(string Name, Func<Task> Begin, Func<Task> End)
{
    /// <summary>The numbers of the nodes that it affects.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [1, 2, 3];

    /// <summary>Whether removals must arrive as fast as without it.</summary>
    public bool KeepsFeed { get; init; }
}
