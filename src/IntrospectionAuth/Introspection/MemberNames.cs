namespace IntrospectionAuth.Introspection;

/// <summary>The members of an answer that the handler understands (RFC 7662, section 2.2; RFC 7800, section 3).</summary>
internal static class MemberNames
{
    public const string Active = "active";
    public const string Audience = "aud";
    public const string Confirmation = "cnf";
    public const string ExpiresAt = "exp";
    public const string IssuedAt = "iat";
    public const string Issuer = "iss";
    public const string NotBefore = "nbf";
    public const string Scope = "scope";
}
