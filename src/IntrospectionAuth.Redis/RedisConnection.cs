using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>The connection to Redis. The first operation begins it, and it reconnects by itself.</summary>
/// <param name="connect">Connects, or provides the application's connection.</param>
/// <param name="isOwned">Whether the connection is closed with the engine.</param>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOwned) : IAsyncDisposable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _connecting;
    private long _begun;
    private bool _isDisposed;

    /// <summary>Waits for the connection to be created. It may still be unable to reach Redis.</summary>
    public Task<IConnectionMultiplexer> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connecting is null || (_connecting.IsFaulted && IsDue))
            {
                _begun = TimeProvider.System.GetTimestamp();
                _connecting = Task.Run(connect, CancellationToken.None).Observed();
            }

            return _connecting.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gets the database. Its operations fail at once while Redis is not connected, and say why.</summary>
    public async Task<IDatabase> GetDatabaseAsync(CancellationToken cancellationToken)
    {
        IConnectionMultiplexer connection = await GetAsync(cancellationToken);

        // An application's connection may queue operations until it is connected, which would be sent too late.
        return isOwned || connection.IsConnected
            ? connection.GetDatabase()
            : throw new RedisConnectionException(
                ConnectionFailureType.UnableToConnect,
                CommandFlags.None,
                "Redis is not connected.",
                innerException: null,
                CommandStatus.WaitingToBeSent
            );
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connecting;
        lock (_lock)
        {
            _isDisposed = true;
            connecting = _connecting;
        }

        if (!isOwned || connecting is null)
            return;

        // A connection that is still being created is closed when it is there.
        Task closed = connecting
            .ContinueWith(
                static created => created.IsCompletedSuccessfully ? created.Result.DisposeAsync().AsTask() : Task.CompletedTask,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            )
            .Unwrap();
        if (connecting.IsCompleted)
            await closed;
    }

    private bool IsDue => TimeProvider.System.GetElapsedTime(_begun) >= s_pauseAfterFailure;
}
