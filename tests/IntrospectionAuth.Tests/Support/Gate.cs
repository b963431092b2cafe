namespace IntrospectionAuth.Tests.Support;

/// <summary>Holds requests at one point until a test releases them.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first request is held.</summary>
    public Task Arrived => _arrived.Task;

    public Task WaitAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }

    public void Release() => _released.SetResult();
}
