using IntrospectionAuth.Calls;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>Forgets answers of the authorization server before their time: when a user logs out, is locked, or leaves an organization.</summary>
/// <remarks>
/// <para>It is a singleton in the container. It forgets in this process only; others keep their answers.</para>
/// <para>
/// What was removed is asked for again when it is next used. A request that comes after a removal never gets a response that was asked for
/// before it, even if that arrives later, or if a reload brings earlier options back.
/// </para>
/// <para>
/// A member is found by its own name in the response, whatever <see cref="OAuthIntrospectionOptions.ClaimMappings"/> makes of it, and so is
/// one that they map to that name. Comparison is ordinal.
/// </para>
/// <para>Forgetting one token costs a look-up; everything else looks at every active answer, some milliseconds for 100,000 of them.</para>
/// </remarks>
public sealed class OAuthIntrospectionCache
{
    private readonly CachingIntrospector _introspector;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;

    internal OAuthIntrospectionCache(CachingIntrospector introspector, IOptionsMonitor<OAuthIntrospectionOptions> options)
    {
        _introspector = introspector;
        _options = options;
    }

    /// <summary>Removes what is known about one token, active or not, in every scheme.</summary>
    /// <param name="token">The token.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public int RemoveToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);

        return _introspector.Remove(token);
    }

    /// <summary>Forgets every active token of a subject (<c>sub</c>).</summary>
    /// <param name="subject">The subject.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is null or empty.</exception>
    public int RemoveSubject(string subject) => Remove(MemberNames.Subject, subject);

    /// <summary>Forgets every active token of a session (<c>sid</c>, OpenID Connect Front-Channel Logout 1.0, section 3).</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is null or empty.</exception>
    public int RemoveSession(string sessionId) => Remove(MemberNames.SessionId, sessionId);

    /// <summary>Forgets every active token that was issued to a client (<c>client_id</c>).</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="clientId"/> is null or empty.</exception>
    public int RemoveClient(string clientId) => Remove(MemberNames.ClientId, clientId);

    /// <summary>Forgets every active token of an organization (<c>org_id</c>).</summary>
    /// <param name="organizationId">The organization's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="organizationId"/> is null or empty.</exception>
    public int RemoveOrganization(string organizationId) => Remove(MemberNames.OrganizationId, organizationId);

    /// <summary>Forgets every active token of a workspace (<c>workspace_id</c>).</summary>
    /// <param name="workspaceId">The workspace's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="workspaceId"/> is null or empty.</exception>
    public int RemoveWorkspace(string workspaceId) => Remove(MemberNames.WorkspaceId, workspaceId);

    private int Remove(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return _introspector.Remove(scheme =>
        {
            string[] paths =
            [
                .. FindPathsMappedNow(scheme, name).Union(_introspector.FindPathsMappedTo(scheme, name), StringComparer.Ordinal),
            ];
            return response =>
                ResponseMembers.Has(response, name, value) || Array.Exists(paths, path => ResponseMembers.HasAt(response, path, value));
        });
    }

    /// <summary>Options may have been given another mapping since they were first used.</summary>
    private IEnumerable<string> FindPathsMappedNow(string scheme, string name)
    {
        try
        {
            return _options.Get(scheme).ClaimMappings.Where(mapping => mapping.Value == name).Select(static mapping => mapping.Key);
        }
        catch (Exception)
        {
            // A scheme that was removed at run time may have no valid options any more. Its entries count by those that it was used with.
            return [];
        }
    }
}
