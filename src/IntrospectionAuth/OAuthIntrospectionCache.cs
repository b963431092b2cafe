using System.Runtime.CompilerServices;
using IntrospectionAuth.Removals;
using IntrospectionAuth.TenantResolution;

namespace IntrospectionAuth;

/// <summary>Removes cache entries on demand, for example when a user logs out, is locked, or leaves an organization.</summary>
/// <remarks>
/// <para>
/// It is a singleton in the container. It removes entries from this process at once. With
/// <see cref="OAuthIntrospectionOptions.SharedCache"/>, it also removes them from the shared cache and from the other nodes, which follow
/// within a second. Each method returns the number of entries that were removed from this process.
/// </para>
/// <para>
/// A removed token is introspected again when it is next used. A request that arrives after a removal never gets a response that was
/// requested before it, even if the response arrives later or a reload restores earlier options.
/// </para>
/// <para>
/// A member matches by its own name in the response, or when <see cref="OAuthIntrospectionOptions.ClaimMappings"/> maps it to that name.
/// Comparison is ordinal.
/// </para>
/// <para>With tenants, each method covers every tenant that this process keeps.</para>
/// <para>Removing one token costs a look-up. Every other removal reads all active entries: some milliseconds for 100,000 of them.</para>
/// </remarks>
public sealed class OAuthIntrospectionCache
{
    private readonly RevocableEntries _entries;

    internal OAuthIntrospectionCache(RevocableEntries entries) => _entries = entries;

    /// <summary>Removes the entries of one token, active or not, in every scheme.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public int RemoveToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);

        return Remove(Removal.OfToken(token));
    }

    /// <summary>Removes the active tokens of a subject (<c>sub</c>).</summary>
    /// <param name="subject">The subject.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is null or empty.</exception>
    public int RemoveSubject(string subject) => Remove(RemovalKind.Subject, subject);

    /// <summary>Removes the active tokens of a session (<c>sid</c>, OpenID Connect Front-Channel Logout 1.0, section 3).</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is null or empty.</exception>
    public int RemoveSession(string sessionId) => Remove(RemovalKind.Session, sessionId);

    /// <summary>Removes the active tokens that were issued to a client (<c>client_id</c>).</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="clientId"/> is null or empty.</exception>
    public int RemoveClient(string clientId) => Remove(RemovalKind.Client, clientId);

    /// <summary>Removes the active tokens of an organization (<c>org_id</c>).</summary>
    /// <param name="organizationId">The organization's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="organizationId"/> is null or empty.</exception>
    public int RemoveOrganization(string organizationId) => Remove(RemovalKind.Organization, organizationId);

    /// <summary>Removes the active tokens of a workspace (<c>workspace_id</c>).</summary>
    /// <param name="workspaceId">The workspace's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="workspaceId"/> is null or empty.</exception>
    public int RemoveWorkspace(string workspaceId) => Remove(RemovalKind.Workspace, workspaceId);

    private int Remove(RemovalKind kind, string value, [CallerArgumentExpression(nameof(value))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameter);
        return Remove(Removal.Of(kind, value));
    }

    private int Remove(Removal removal) => _entries.Remove(removal);
}
