using IntrospectionAuth.Testing.Tokens;

namespace IntrospectionAuth.Testing.Providers;

/// <summary>WorkOS AuthKit, according to the description of the "Introspection" endpoint of Connect on workos.com/docs.</summary>
internal sealed class WorkOSProvider : ImitatedProvider
{
    public override string IntrospectionPath => "/oauth2/introspection";

    public override string ClientAuthenticationMethod => ClientAuthenticationMethods.Post;

    public override void SetDefaults(FakeToken token)
    {
        token.Subject = "user_01FAKE";
        token.ClientId = "client_01FAKE";
        token.OrganizationId = "org_01FAKE";
        token.TokenType = "access_token";
    }

    protected override void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members)
    {
        bool machine = string.Equals(token.Subject, token.ClientId, StringComparison.Ordinal);

        members.Add("active", true);
        members.AddIfSet("client_id", token.ClientId);
        members.AddIfSet("iss", token.Issuer);
        members.AddAudiences(token.Audiences.Count > 0 || token.ClientId is null ? token.Audiences : [token.ClientId]);
        members.AddIfSet("sub", token.Subject);
        members.AddIfSet("org_id", token.OrganizationId);
        members.AddIfSet("sid", machine ? null : "session_" + RandomText.Create(20)); // a machine has no session
        members.Add("jti", RandomText.Create(22));
        members.AddIfSet("exp", expiresAt);
        members.Add("iat", issuedAt);
        members.AddIfSet("token_type", token.TokenType);
    }
}
