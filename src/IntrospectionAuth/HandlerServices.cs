using IntrospectionAuth.Calls;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.TenantResolution;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth;

/// <summary>What every <see cref="OAuthIntrospectionHandler"/> uses. One object, because each request creates a handler.</summary>
/// <remarks>Those of a tenant take the place of the scheme's once the tenant of the request is known.</remarks>
internal sealed class HandlerServices(CachingIntrospector introspector, DPoPVerifier verifier, DecisionRecorder decisions)
{
    public CachingIntrospector Introspector { get; } = introspector;

    public DPoPVerifier Verifier { get; } = verifier;

    public DecisionRecorder Decisions { get; } = decisions;

    /// <summary>The tenants of every scheme; null for a tenant.</summary>
    public SchemeTenants? Tenants { get; init; }

    /// <summary>The options of a tenant; null for the scheme.</summary>
    public OAuthIntrospectionOptions? TenantOptions { get; init; }

    /// <summary>Logs for a tenant what the handler logs for a scheme; null for the scheme.</summary>
    public ILogger? TenantLogger { get; init; }
}
