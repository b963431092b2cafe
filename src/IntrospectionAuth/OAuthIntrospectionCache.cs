using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>Removes cache entries on demand, for example when a user logs out, is locked, or leaves an organization.</summary>
/// <remarks>
/// <para>It is a singleton in the container. It removes entries from this process only, not from other instances of the application.</para>
/// <para>
/// A removed token is introspected again when it is next used. A request that arrives after a removal never gets a response that was
/// requested before it, even if the response arrives later or a reload restores earlier options.
/// </para>
/// <para>
/// A member matches by its own name in the response, or when <see cref="OAuthIntrospectionOptions.ClaimMappings"/> maps it to that name.
/// Comparison is ordinal.
/// </para>
/// <para>Removing one token costs a look-up. Every other removal reads all active entries: some milliseconds for 100,000 of them.</para>
/// </remarks>
public sealed class OAuthIntrospectionCache
{
    private readonly EntryRemover _remover;
    private readonly CacheKeyBuilder _keys;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;

    internal OAuthIntrospectionCache(EntryRemover remover, CacheKeyBuilder keys, IOptionsMonitor<OAuthIntrospectionOptions> options)
    {
        _remover = remover;
        _keys = keys;
        _options = options;
    }

    /// <summary>Removes the entries of one token, active or not, in every scheme.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public int RemoveToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);

        return _remover.Remove(token);
    }

    /// <summary>Removes the active tokens of a subject (<c>sub</c>).</summary>
    /// <param name="subject">The subject.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is null or empty.</exception>
    public int RemoveSubject(string subject) => Remove(MemberNames.Subject, subject);

    /// <summary>Removes the active tokens of a session (<c>sid</c>, OpenID Connect Front-Channel Logout 1.0, section 3).</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is null or empty.</exception>
    public int RemoveSession(string sessionId) => Remove(MemberNames.SessionId, sessionId);

    /// <summary>Removes the active tokens that were issued to a client (<c>client_id</c>).</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="clientId"/> is null or empty.</exception>
    public int RemoveClient(string clientId) => Remove(MemberNames.ClientId, clientId);

    /// <summary>Removes the active tokens of an organization (<c>org_id</c>).</summary>
    /// <param name="organizationId">The organization's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="organizationId"/> is null or empty.</exception>
    public int RemoveOrganization(string organizationId) => Remove(MemberNames.OrganizationId, organizationId);

    /// <summary>Removes the active tokens of a workspace (<c>workspace_id</c>).</summary>
    /// <param name="workspaceId">The workspace's id.</param>
    /// <returns>The number of entries that were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="workspaceId"/> is null or empty.</exception>
    public int RemoveWorkspace(string workspaceId) => Remove(MemberNames.WorkspaceId, workspaceId);

    private int Remove(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return _remover.Remove(scheme =>
        {
            string[] paths =
            [
                .. FindCurrentPathsMappedTo(scheme, name).Union(_keys.FindPathsMappedTo(scheme, name), StringComparer.Ordinal),
            ];
            return response =>
                ResponseMembers.Has(response, name, value) || Array.Exists(paths, path => ResponseMembers.HasAt(response, path, value));
        });
    }

    /// <summary>The current options may have mappings that no request has used yet.</summary>
    private IEnumerable<string> FindCurrentPathsMappedTo(string scheme, string name)
    {
        try
        {
            return _options.Get(scheme).ClaimMappings.Where(mapping => mapping.Value == name).Select(static mapping => mapping.Key);
        }
        catch (Exception)
        {
            // A scheme that was removed at run time may have no valid options. The mappings that its requests used still apply.
            return [];
        }
    }
}
