using IntrospectionAuth.Caching;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>Forgets answers of the authorization server before their time: when a user logs out, is locked, or leaves an organization.</summary>
/// <remarks>
/// <para>It is a singleton in the container. It forgets in this process only; others keep their answers.</para>
/// <para>
/// What is forgotten is asked for again when it is next used. An answer that was asked for before is neither kept nor used by anybody from then on, even if it
/// comes later. Claims are those after <see cref="OAuthIntrospectionOptions.ClaimMappings"/>; comparison is ordinal.
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

    /// <summary>Forgets what is known about one token, active or not, in every scheme.</summary>
    /// <param name="token">The token.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public int RemoveToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);

        int removed = 0;
        foreach (string scheme in _introspector.Schemes)
            removed += _introspector.Remove(scheme, _options.Get(scheme), token);
        return removed;
    }

    /// <summary>Forgets every active token of a subject (<c>sub</c>).</summary>
    /// <param name="subject">The subject.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is null or empty.</exception>
    public int RemoveSubject(string subject) => Remove("sub", subject);

    /// <summary>Forgets every active token of a session (<c>sid</c>, OpenID Connect Front-Channel Logout 1.0, section 3).</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is null or empty.</exception>
    public int RemoveSession(string sessionId) => Remove("sid", sessionId);

    /// <summary>Forgets every active token that was issued to a client (<c>client_id</c>).</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="clientId"/> is null or empty.</exception>
    public int RemoveClient(string clientId) => Remove("client_id", clientId);

    /// <summary>Forgets every active token of an organization (<c>org_id</c>).</summary>
    /// <param name="organizationId">The organization's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="organizationId"/> is null or empty.</exception>
    public int RemoveOrganization(string organizationId) => Remove("org_id", organizationId);

    /// <summary>Forgets every active token of a workspace (<c>workspace_id</c>).</summary>
    /// <param name="workspaceId">The workspace's id.</param>
    /// <returns>How many answers were forgotten.</returns>
    /// <exception cref="ArgumentException"><paramref name="workspaceId"/> is null or empty.</exception>
    public int RemoveWorkspace(string workspaceId) => Remove("workspace_id", workspaceId);

    private int Remove(string claimType, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return _introspector.Remove((string scheme, in CacheKey _, IntrospectionResult result) => HasClaim(scheme, result, claimType, value));
    }

    private bool HasClaim(string scheme, IntrospectionResult result, string claimType, string value)
    {
        if (result.Response is not { } response)
            return false;

        foreach (MemberValue member in ClaimMapper.Map(response, _options.Get(scheme).ClaimMappings))
        {
            if (member.Name == claimType && member.Text == value)
                return true;
        }

        return false;
    }
}
