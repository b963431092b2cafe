using IntrospectionAuth.Testing.Behavior;

namespace IntrospectionAuth.Testing;

/// <summary>Calls that a <see cref="FakeAuthorizationServer"/> keeps waiting until they are released.</summary>
/// <remarks>It makes tests of simultaneous calls repeatable: hold, start the calls, wait until they have arrived, release.</remarks>
public sealed class HeldResponses : IDisposable
{
    private readonly ArrivalCounter _arrivals = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal HeldResponses() { }

    /// <summary>Gets how many calls have arrived since the hold began.</summary>
    public int CallCount => _arrivals.Count;

    /// <summary>Waits until calls have arrived, without releasing them.</summary>
    /// <param name="count">How many calls, counted from the beginning of the hold.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when that many calls have arrived.</returns>
    public Task WaitForCallsAsync(int count, CancellationToken cancellationToken = default) =>
        _arrivals.WaitAsync(count, cancellationToken);

    /// <summary>Lets the held calls, and all later ones, be answered.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Does the same as <see cref="Release"/>.</summary>
    public void Dispose() => Release();

    internal Task WaitForReleaseAsync(CancellationToken cancellationToken)
    {
        _arrivals.Increment();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
