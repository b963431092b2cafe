namespace IntrospectionAuth.SharedCache;

/// <summary>The right to ask the authorization server about a token while other nodes wait for the response.</summary>
internal sealed class Lease(LeaseState state, string engineKey) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task _extending = Task.CompletedTask;

    public static Lease None { get; } = new(LeaseState.None, "");

    public LeaseState State { get; } = state;

    public string EngineKey { get; } = engineKey;

    /// <summary>Starts work that extends the lease until it is cancelled.</summary>
    public void ExtendBy(Func<CancellationToken, Task> extend) => _extending = extend(_ending.Token);

    /// <summary>Ends the extending. Nothing writes the lease afterwards, so it can be removed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _extending;
        _ending.Dispose();
    }
}
