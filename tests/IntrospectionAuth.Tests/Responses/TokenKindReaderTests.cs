using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>The words by which authorization servers say what a token is.</summary>
public sealed class TokenKindReaderTests
{
    private static readonly string[] s_members = ["token_type", "typ", "token_use", "token_usage"];

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("DPoP")]
    [InlineData("access_token")]
    [InlineData("access-token")]
    [InlineData("Access Token")]
    [InlineData("accessToken")]
    [InlineData("Access")]
    [InlineData("at")]
    [InlineData("AT")]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/at+jwt; profile=x")]
    [InlineData("urn:ietf:params:oauth:token-type:access_token")]
    [InlineData("token")]
    [InlineData("")]
    [InlineData(" ")]
    public void Values_for_an_access_token(string word) =>
        Assert.All(s_members, member => Assert.Equal(TokenKind.Access, TokenKindReader.Read(member, word)));

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("Refresh_Token")]
    [InlineData("refresh-token")]
    [InlineData("refresh token")]
    [InlineData("refreshToken")]
    [InlineData("Refresh")]
    [InlineData("refresh")]
    [InlineData("REFRESH")]
    [InlineData(" refresh_token ")]
    [InlineData("rt+jwt")]
    [InlineData("application/rt+jwt")]
    [InlineData("refresh+jwt")]
    [InlineData("Offline")]
    [InlineData("OFFLINE")]
    [InlineData("urn:ietf:params:oauth:token-type:refresh_token")]
    [InlineData("URN:IETF:PARAMS:OAUTH:TOKEN-TYPE:REFRESH_TOKEN")]
    public void Values_for_a_refresh_token(string word) =>
        Assert.All(s_members, member => Assert.Equal(TokenKind.Refresh, TokenKindReader.Read(member, word)));

    [Theory]
    [InlineData("id_token")]
    [InlineData("ID_TOKEN")]
    [InlineData("id-token")]
    [InlineData("idToken")]
    [InlineData("ID token")]
    [InlineData("ID")]
    [InlineData("id")]
    [InlineData("Serialized-ID")]
    [InlineData("Logout")]
    [InlineData("logout_token")]
    [InlineData("authorization_code")]
    [InlineData("authorization")]
    [InlineData("code")]
    [InlineData("dc")]
    [InlineData("VerifyEmail")]
    [InlineData("UpdateEmail")]
    [InlineData("request_token")]
    [InlineData("client_assertion")]
    [InlineData("urn:ietf:params:oauth:token-type:saml1")]
    [InlineData("device_code")]
    [InlineData("user_code")]
    [InlineData("state_token")]
    [InlineData("InitialAccessToken")]
    [InlineData("RegistrationAccessToken")]
    [InlineData("reset-credentials")]
    [InlineData("execute-actions")]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("application/logout+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("oauth-authz-req+jwt")]
    [InlineData("token-introspection+jwt")]
    [InlineData("entity-statement+jwt")]
    [InlineData("vc+jwt")]
    [InlineData("application/vnd.example.at+jwt")]
    [InlineData("a-t+jwt")]
    [InlineData("at +jwt")]
    [InlineData("access+jwt")]
    [InlineData("+jwt")]
    [InlineData("Application/ID+JWT;v=1")]
    [InlineData("urn:ietf:params:oauth:token-type:id_token")]
    [InlineData("urn:ietf:params:oauth:token-type:saml2")]
    public void Values_for_another_token(string word) =>
        Assert.All(s_members, member => Assert.Equal(TokenKind.Other, TokenKindReader.Read(member, word)));

    [Theory]
    [InlineData("JWT")]
    [InlineData("application/jwt")]
    [InlineData("N_A")]
    [InlineData("Key")]
    [InlineData("opaque")]
    [InlineData("APPLICATION_USER")]
    [InlineData("service")]
    [InlineData("tenant_access")]
    [InlineData("media")]
    [InlineData("reflesh")]
    public void An_unknown_plain_value_passes_as_a_type_and_as_a_use_only_if_the_options_allow_it(string word)
    {
        Assert.Equal(TokenKind.Access, TokenKindReader.Read("token_type", word));
        Assert.Equal(TokenKind.Access, TokenKindReader.Read("typ", word));
        Assert.Equal(TokenKind.Unknown, TokenKindReader.Read("token_use", word));
        Assert.Equal(TokenKind.Unknown, TokenKindReader.Read("token_usage", word));
    }

    // What servers say of access tokens, and of others that they call active, as their documentation or source has it.
    [Theory]
    [InlineData("Keycloak", """{"active":true,"typ":"Bearer","token_type":"Bearer"}""", "Access")]
    [InlineData(
        "Keycloak, DPoP",
        """{"active":true,"typ":"DPoP","token_type":"DPoP","cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""",
        "Access"
    )]
    [InlineData("Keycloak", """{"active":true,"typ":"Refresh"}""", "Refresh")]
    [InlineData("Keycloak", """{"active":true,"typ":"Offline"}""", "Refresh")]
    [InlineData("Keycloak", """{"active":true,"typ":"ID"}""", "Other")]
    [InlineData("Keycloak", """{"active":true,"typ":"Logout"}""", "Other")]
    [InlineData("Keycloak", """{"active":true,"typ":"RegistrationAccessToken"}""", "Other")]
    [InlineData("Amazon Cognito", """{"active":true,"token_use":"access"}""", "Access")]
    [InlineData("Amazon Cognito", """{"active":true,"token_use":"id"}""", "Other")]
    [InlineData("Ory Hydra", """{"active":true,"token_type":"Bearer","token_use":"access_token"}""", "Access")]
    [InlineData("Ory Hydra", """{"active":true,"token_type":"Bearer","token_use":"refresh_token"}""", "Refresh")]
    [InlineData("OpenIddict", """{"active":true,"token_type":"Bearer","token_usage":"access_token"}""", "Access")]
    [InlineData("OpenIddict", """{"active":true,"token_usage":"refresh_token"}""", "Refresh")]
    [InlineData("OpenIddict", """{"active":true,"token_usage":"id_token"}""", "Other")]
    [InlineData("OpenIddict", """{"active":true,"token_usage":"authorization_code"}""", "Other")]
    [InlineData("OpenIddict", """{"active":true,"token_usage":"user_code"}""", "Other")]
    [InlineData("Duende IdentityServer", """{"active":true,"token_type":"access_token"}""", "Access")]
    [InlineData("Duende IdentityServer", """{"active":true,"token_type":"refresh_token"}""", "Refresh")]
    [InlineData("WorkOS", """{"active":true,"token_type":"access_token"}""", "Access")]
    [InlineData("WorkOS", """{"active":true,"token_type":"refresh_token"}""", "Refresh")]
    [InlineData("Okta, Auth0, Zitadel, Attio, django-oauth-toolkit", """{"active":true,"token_type":"Bearer"}""", "Access")]
    [InlineData("RFC 8693, section 2.2.1", """{"active":true,"token_type":"N_A"}""", "Access")]
    [InlineData("RFC 9068", """{"active":true,"typ":"at+jwt","token_type":"Bearer"}""", "Access")]
    public void Values_of_real_servers(string server, string body, string kind)
    {
        IntrospectionResponse response = Read(body);

        Assert.True(kind == response.Kind.ToString(), $"{server}: {response.Kind}");
        Assert.Empty(response.UnknownUses);
    }

    [Theory]
    [InlineData("token_type")]
    [InlineData("token_use")]
    [InlineData("token_usage")]
    [InlineData("typ")]
    public void Each_of_these_members_may_state_the_kind(string member)
    {
        IntrospectionResponse response = Read($$"""{"active":true,"{{member}}":"refresh_token"}""");

        Assert.Equal(TokenKind.Refresh, response.Kind);
    }

    [Theory]
    [InlineData("Token_Type")]
    [InlineData("type")]
    [InlineData("scope")]
    public void Another_member_does_not_state_the_kind(string member)
    {
        IntrospectionResponse response = Read($$"""{"active":true,"{{member}}":"refresh_token"}""");

        Assert.Equal(TokenKind.Access, response.Kind);
    }

    [Theory]
    [InlineData("""{"active":true,"token_type":"Bearer","token_use":"refresh"}""", "Refresh")]
    [InlineData("""{"active":true,"token_use":"refresh","token_type":"Bearer"}""", "Refresh")]
    [InlineData("""{"active":true,"token_type":"Bearer","typ":"ID"}""", "Other")]
    [InlineData("""{"active":true,"token_type":"id_token","token_use":"refresh"}""", "Other")]
    [InlineData("""{"active":true,"token_type":"refresh_token","token_use":"id"}""", "Other")]
    [InlineData("""{"active":true,"token_type":["Bearer","refresh_token"]}""", "Refresh")]
    [InlineData("""{"active":true,"token_type":["Bearer"]}""", "Access")]
    [InlineData("""{"active":true,"token_type":null}""", "Access")]
    [InlineData("""{"active":true,"token_type":5}""", "Other")]
    [InlineData("""{"active":true,"token_type":true}""", "Other")]
    [InlineData("""{"active":true,"token_type":{"type":"Bearer"}}""", "Other")]
    [InlineData("""{"active":true,"token_type":[]}""", "Other")]
    [InlineData("""{"active":true,"token_type":[null]}""", "Other")]
    [InlineData("""{"active":true,"token_type":[["Bearer"]]}""", "Other")]
    public void The_value_farthest_from_an_access_token_applies(string body, string kind)
    {
        IntrospectionResponse response = Read(body);

        Assert.Equal(kind, response.Kind.ToString());
    }

    [Theory]
    [InlineData("""{"active":true,"token_use":"media"}""", "media")]
    [InlineData("""{"active":true,"token_use":["media","access","service"],"token_usage":"app"}""", "media service app")]
    [InlineData("""{"active":true,"token_type":"media"}""", "")]
    public void Unknown_uses_are_kept_for_the_options_to_decide(string body, string uses) =>
        Assert.Equal(uses, string.Join(' ', Read(body).UnknownUses));

    [Theory]
    [InlineData("""{"active":true,"token_type":"DPoP","typ":"DPoP"}""")]
    [InlineData("""{"active":true,"token_type":["DPoP","DPoP"]}""")]
    [InlineData("""{"active":true,"token_type":"pop","typ":"pop"}""")]
    [InlineData("""{"active":true,"token_type":["mac","mac"]}""")]
    [InlineData("""{"active":true,"token_type":["mac","Bearer"]}""")]
    public void A_type_that_requires_a_proof_binds_the_token_even_if_it_is_stated_twice(string body) =>
        Assert.Same(Confirmation.NotUnderstood, Read(body).Confirmation);

    private static IntrospectionResponse Read(string body) =>
        IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Response!;
}
