using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Notifications;

/// <summary>samples/Notifications as one process for all tests, and the authorization server that it calls.</summary>
public sealed class NotificationsSample : IAsyncLifetime
{
    private NotificationsProcess? _process;

    internal FakeAuthorizationServer Server { get; private set; } = null!;

    internal NotificationsProcess Process => _process!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Server = await FakeAuthorizationServer.ListenAsync();
        _process = await NotificationsProcess.StartAsync(Server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await Server.DisposeAsync();
    }
}
