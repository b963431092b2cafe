using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>The connection to Redis. The first operation begins it, and it reconnects by itself.</summary>
/// <param name="connect">Connects, or provides the application's connection.</param>
/// <param name="isOwned">Whether the connection is closed with the engine.</param>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOwned) : IAsyncDisposable, IDisposable
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
            // Also a cancellation is a failure, such as that of a request for a credential: no operation cancels the connection.
            if (_connecting is null || (_connecting is { IsCompleted: true, IsCompletedSuccessfully: false } && IsDue))
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
        if (!TryEnd(out Task<IConnectionMultiplexer>? connecting))
            return;

        Task closed = CloseAsync(connecting);
        if (connecting.IsCompleted)
            await closed;
    }

    public void Dispose()
    {
        if (!TryEnd(out Task<IConnectionMultiplexer>? connecting))
            return;

        if (connecting.IsCompletedSuccessfully)
            connecting.Result.Dispose();
        else
            _ = CloseAsync(connecting);
    }

    /// <returns>Whether there is a connection to be closed.</returns>
    private bool TryEnd([NotNullWhen(true)] out Task<IConnectionMultiplexer>? connecting)
    {
        lock (_lock)
        {
            _isDisposed = true;
            connecting = isOwned ? _connecting : null;
            return connecting is not null;
        }
    }

    /// <summary>Closes a connection, as soon as it is there if it is still being created.</summary>
    private static Task CloseAsync(Task<IConnectionMultiplexer> connecting) =>
        connecting
            .ContinueWith(
                static created => created.IsCompletedSuccessfully ? created.Result.DisposeAsync().AsTask() : Task.CompletedTask,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            )
            .Unwrap()
            .Observed();

    private bool IsDue => TimeProvider.System.GetElapsedTime(_begun) >= s_pauseAfterFailure;
}
