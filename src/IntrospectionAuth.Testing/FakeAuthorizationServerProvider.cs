namespace IntrospectionAuth.Testing;

/// <summary>The authorization server whose introspection endpoint a <see cref="FakeAuthorizationServer"/> imitates.</summary>
/// <remarks>
/// It determines the path of the endpoint, the members of responses and their order, and the client authentication method.
/// </remarks>
public enum FakeAuthorizationServerProvider
{
    /// <summary>A server that follows RFC 7662.</summary>
    Rfc7662,

    /// <summary>Attio: the introspected token is itself the credential, and <c>exp</c> may be null.</summary>
    Attio,

    /// <summary>WorkOS AuthKit: <c>client_secret_post</c>, no <c>scope</c>, and refresh tokens are active too.</summary>
    WorkOS,

    /// <summary>VMware Cloud Services: HTTP Basic without form-encoding, only refresh tokens, 400 for all invalid credentials.</summary>
    VMwareCloud,
}
