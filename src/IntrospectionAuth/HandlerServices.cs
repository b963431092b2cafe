using IntrospectionAuth.Calls;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DPoP;

namespace IntrospectionAuth;

/// <summary>What every <see cref="OAuthIntrospectionHandler"/> uses. One object, because each request creates a handler.</summary>
internal sealed class HandlerServices(CachingIntrospector introspector, DPoPVerifier verifier, DecisionRecorder decisions)
{
    public CachingIntrospector Introspector { get; } = introspector;

    public DPoPVerifier Verifier { get; } = verifier;

    public DecisionRecorder Decisions { get; } = decisions;
}
