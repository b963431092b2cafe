namespace IntrospectionAuth.Testing;

/// <summary>The names of the client authentication methods: RFC 7591, section 2, and the ones that IntrospectionAuth adds.</summary>
internal static class ClientAuthenticationMethods
{
    public const string Basic = "client_secret_basic";
    public const string BasicRaw = "client_secret_basic_raw";
    public const string Post = "client_secret_post";
    public const string SecretJwt = "client_secret_jwt";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string None = "none";
    public const string Bearer = "bearer";
    public const string PresentedToken = "presented_token";

    public static IReadOnlyList<string> All { get; } = [Basic, BasicRaw, Post, SecretJwt, PrivateKeyJwt, None, Bearer, PresentedToken];
}
