using Microsoft.AspNetCore.SignalR;

namespace Notifications;

/// <summary>Makes <c>Clients.User(…)</c> find users by the token's <c>sub</c>.</summary>
public sealed class SubjectUserIdProvider : IUserIdProvider
{
    /// <summary>Gets the user id of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>The subject of the token.</returns>
    public string? GetUserId(HubConnectionContext connection) => connection.User.FindFirst("sub")?.Value;
}
