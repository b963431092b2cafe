using IntrospectionAuth.Testing.Tokens;

namespace IntrospectionAuth.Testing.Providers;

/// <summary>A server whose responses have the members of RFC 7662, section 2.2, in the order of that section.</summary>
internal sealed class Rfc7662Provider : ImitatedProvider
{
    public override string IntrospectionPath => "/introspect";

    public override bool SignsResponses => true;

    public override void SetDefaults(FakeToken token)
    {
        token.Subject = "user-1";
        token.ClientId = "client-1";
        token.Username = "user-1@example.com";
        token.TokenType = "Bearer";
    }

    protected override void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members)
    {
        members.Add("active", true);
        members.AddIfSet("scope", token.Scopes.Count == 0 ? null : string.Join(' ', token.Scopes));
        members.AddIfSet("client_id", token.ClientId);
        members.AddIfSet("username", token.Username);
        members.AddIfSet("token_type", token.TokenType);
        members.AddIfSet("exp", expiresAt);
        members.Add("iat", issuedAt);
        members.AddIfSet("nbf", token.NotBefore?.ToUnixTimeSeconds());
        members.AddIfSet("sub", token.Subject);
        members.AddAudiences(token.Audiences);
        members.AddIfSet("iss", token.Issuer);
        members.Add("jti", RandomText.Create(22));
        members.AddIfSet("workspace_id", token.WorkspaceId);
        members.AddIfSet("org_id", token.OrganizationId);
    }
}
