using Microsoft.AspNetCore.SignalR;

namespace Notifications;

/// <summary>The hub to which browsers connect.</summary>
public sealed class NotificationsHub : Hub
{
    /// <summary>Returns the caller's identity.</summary>
    /// <returns>The subject of the token.</returns>
    public string? WhoAmI() => Context.UserIdentifier;
}
