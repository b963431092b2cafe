namespace IntrospectionAuth.Calls;

/// <summary>How long a call waits for the fleet: for all operations of the engine together, however many there are.</summary>
internal sealed class FleetWait(TimeProvider time, TimeSpan longest)
{
    private readonly long _startedAt = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    public TimeSpan Left => longest > Elapsed ? longest - Elapsed : TimeSpan.Zero;

    /// <summary>Waits for an operation while there is time. It goes on without the call, within its own time limit.</summary>
    /// <returns>The result; the default value when there is none in time.</returns>
    public async Task<T?> ForAsync<T>(Task<T> operation)
    {
        try
        {
            return await operation.WaitAsync(Left, time);
        }
        catch (TimeoutException)
        {
            return default;
        }
    }

    /// <summary>The same for an operation that does not begin when there is no time left.</summary>
    public async Task<T?> ForAsync<T>(Func<Task<T>> operation) => Left > TimeSpan.Zero ? await ForAsync(operation()) : default;
}
