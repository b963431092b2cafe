using Microsoft.AspNetCore.SignalR;

namespace Notifications;

/// <summary>The hub to which browsers connect.</summary>
public sealed class NotificationsHub : Hub
{
    /// <summary>Tells a caller who he is.</summary>
    /// <returns>The subject of his token.</returns>
    public string? WhoAmI() => Context.UserIdentifier;
}
