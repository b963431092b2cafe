namespace IntrospectionAuth.SharedCache;

/// <summary>The right to ask the authorization server about a token while other nodes wait for the response.</summary>
internal sealed class Lease(LeaseState state, string engineKey)
{
    public static Lease None { get; } = new(LeaseState.None, "");

    public LeaseState State { get; } = state;

    public string EngineKey { get; } = engineKey;
}
