using IntrospectionAuth.Testing.Tokens;

namespace IntrospectionAuth.Testing.Providers;

/// <summary>Attio, according to the description of its OAuth "Introspect" endpoint on docs.attio.com.</summary>
internal sealed class AttioProvider : ImitatedProvider
{
    public override string IntrospectionPath => "/oauth/introspect";

    public override string Issuer => "attio.com"; // not a URL

    public override string ClientAuthenticationMethod => ClientAuthenticationMethods.PresentedToken;

    public override void SetDefaults(FakeToken token)
    {
        token.ClientId = "client-1";
        token.TokenType = "Bearer";
        token.WorkspaceId = "14beef7a-99f7-4534-a87e-70b564330a4c";
    }

    protected override void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members)
    {
        members.Add("active", true);
        members.Add("scope", string.Join(' ', token.Scopes));
        members.AddIfSet("client_id", token.ClientId);
        members.AddIfSet("token_type", token.TokenType);
        members.Add("exp", expiresAt); // null for tokens that never expire
        members.Add("iat", issuedAt);
        members.AddIfSet("sub", token.Subject ?? token.WorkspaceId);
        members.AddAudiences(token.Audiences.Count > 0 || token.ClientId is null ? token.Audiences : [token.ClientId]);
        members.AddIfSet("iss", token.Issuer);
        members.Add("authorized_by_workspace_member_id", "50cf242c-7fa3-4cad-87d0-75b1af71c57b");
        members.AddIfSet("workspace_id", token.WorkspaceId);
        members.Add("workspace_name", "Basepoint");
        members.Add("workspace_slug", "basepoint");
        members.Add("workspace_logo_url", value: null);
    }
}
