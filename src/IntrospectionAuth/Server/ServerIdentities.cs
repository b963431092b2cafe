using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Server;

/// <summary>Finds the identity of a server: derived once for an instance of options.</summary>
internal sealed class ServerIdentities
{
    private readonly ConditionalWeakTable<OAuthIntrospectionOptions, ServerIdentity> _identities = [];

    public ServerIdentity Get(OAuthIntrospectionOptions options)
    {
        if (_identities.TryGetValue(options, out ServerIdentity? identity) && identity.IsCurrent(options))
            return identity;

        identity = new ServerIdentity(options);
        _identities.AddOrUpdate(options, identity);
        return identity;
    }
}
