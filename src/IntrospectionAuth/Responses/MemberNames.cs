namespace IntrospectionAuth.Responses;

/// <summary>The members of a response that the handler uses (RFC 7662, section 2.2; RFC 7800, section 3).</summary>
internal static class MemberNames
{
    public const string Active = "active";
    public const string Audience = "aud";
    public const string ClientId = "client_id";
    public const string Confirmation = "cnf";
    public const string AuthenticatedAt = "auth_time";
    public const string ExpiresAt = "exp";
    public const string ExpiresIn = "expires_in"; // not in the RFC; some servers send it instead of exp
    public const string IssuedAt = "iat";
    public const string Issuer = "iss";
    public const string NotBefore = "nbf";
    public const string OrganizationId = "org_id";
    public const string Scope = "scope";
    public const string SessionId = "sid";
    public const string Subject = "sub";
    public const string TokenType = "token_type";
    public const string TokenUsage = "token_usage"; // This and the next two are not in the RFC; they come from JWT payloads.
    public const string TokenUse = "token_use";
    public const string Type = "typ";
    public const string WorkspaceId = "workspace_id";

    /// <summary>The members by whose values cache entries are removed.</summary>
    public static readonly string[] Removable = [Subject, SessionId, ClientId, OrganizationId, WorkspaceId];
}
