using IntrospectionAuth.Testing.Behavior;

namespace IntrospectionAuth.Testing;

/// <summary>Responses that a <see cref="FakeAuthorizationServer"/> holds until they are released.</summary>
/// <remarks>They make tests of concurrent calls repeatable: hold, start the calls, wait until they have arrived, release.</remarks>
public sealed class HeldResponses : IDisposable
{
    private readonly ArrivalCounter _arrivals = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal HeldResponses() { }

    /// <summary>Gets the number of calls that have arrived since the hold began.</summary>
    public int CallCount => _arrivals.Count;

    /// <summary>Waits until calls have arrived, without releasing them.</summary>
    /// <param name="count">The number of calls since the hold began.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when that many calls have arrived.</returns>
    public Task WaitForCallsAsync(int count, CancellationToken cancellationToken = default) =>
        _arrivals.WaitAsync(count, cancellationToken);

    /// <summary>Releases the held responses, and holds no further ones.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Calls <see cref="Release"/>.</summary>
    public void Dispose() => Release();

    internal Task WaitForReleaseAsync(CancellationToken cancellationToken)
    {
        _arrivals.Increment();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
