using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>Removals that other nodes have made.</summary>
internal sealed class RemovalsEventArgs(IReadOnlyList<Removal> removals) : EventArgs
{
    public IReadOnlyList<Removal> Removals { get; } = removals;
}
