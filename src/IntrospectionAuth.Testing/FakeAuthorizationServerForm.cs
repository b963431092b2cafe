namespace IntrospectionAuth.Testing;

/// <summary>Whose introspection endpoint a <see cref="FakeAuthorizationServer"/> plays.</summary>
/// <remarks>It decides the endpoint's path, the members of its answers and their order, and how its clients authenticate.</remarks>
public enum FakeAuthorizationServerForm
{
    /// <summary>A server that follows RFC 7662 and nothing else.</summary>
    Rfc7662,

    /// <summary>Attio: the introspected token is itself the credential, and <c>exp</c> may be null.</summary>
    Attio,

    /// <summary>WorkOS AuthKit: <c>client_secret_post</c>, no <c>scope</c>, and refresh tokens are called active too.</summary>
    WorkOS,

    /// <summary>VMware Cloud Services: HTTP Basic without form-encoding, refresh tokens only, 400 for every bad credential.</summary>
    VMwareCloud,
}
