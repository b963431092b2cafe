using IntrospectionAuth.Testing.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Providers;

/// <summary>VMware Cloud Services, which introspects only refresh tokens and responds to all invalid credentials with 400.</summary>
internal sealed class VMwareCloudProvider : ImitatedProvider
{
    public override string IntrospectionPath => "/csp/gateway/am/api/auth/introspect";

    public override string ClientAuthenticationMethod => ClientAuthenticationMethods.BasicRaw;

    public override int InvalidClientStatus => StatusCodes.Status400BadRequest;

    public override void SetDefaults(FakeToken token)
    {
        token.Subject = "user-1";
        token.OrganizationId = "3b1c2a7e-9d54-4c1a-8f60-5f0d9e7a2b11";
        token.TokenType = "refresh_token";
    }

    protected override void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members)
    {
        members.Add("active", true);
        members.AddIfSet("exp", expiresAt);
        members.Add("iat", issuedAt);
        members.AddIfSet("orgId", token.OrganizationId);
        members.AddIfSet("sub", token.Subject);
        members.AddIfSet("token_type", token.TokenType);
    }
}
