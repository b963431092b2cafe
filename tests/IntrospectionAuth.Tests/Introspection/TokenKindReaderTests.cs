using System.Text;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>The words by which authorization servers say what a token is.</summary>
public sealed class TokenKindReaderTests
{
    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("access_token")]
    [InlineData("access-token")]
    [InlineData("Access")]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData("JWT")]
    [InlineData("urn:ietf:params:oauth:token-type:access_token")]
    [InlineData("token")]
    [InlineData("")]
    public void Words_for_an_access_token(string word) => Assert.Equal(TokenKind.Access, TokenKindReader.Read(word));

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
    [InlineData("refresh+jwt")]
    [InlineData("Offline")]
    [InlineData("urn:ietf:params:oauth:token-type:refresh_token")]
    [InlineData("URN:IETF:PARAMS:OAUTH:TOKEN-TYPE:REFRESH_TOKEN")]
    public void Words_for_a_refresh_token(string word) => Assert.Equal(TokenKind.Refresh, TokenKindReader.Read(word));

    [Theory]
    [InlineData("id_token")]
    [InlineData("ID_TOKEN")]
    [InlineData("id-token")]
    [InlineData("idToken")]
    [InlineData("ID token")]
    [InlineData("ID")]
    [InlineData("id")]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("authorization_code")]
    [InlineData("device_code")]
    [InlineData("urn:ietf:params:oauth:token-type:id_token")]
    public void Words_for_another_token(string word) => Assert.Equal(TokenKind.Other, TokenKindReader.Read(word));

    [Theory]
    [InlineData("token_type")]
    [InlineData("token_use")]
    [InlineData("token_usage")]
    [InlineData("typ")]
    public void Each_of_these_members_may_say_it(string member)
    {
        IntrospectionResponse response = Read($$"""{"active":true,"{{member}}":"refresh_token"}""");

        Assert.Equal(TokenKind.Refresh, response.Kind);
    }

    [Theory]
    [InlineData("Token_Type")]
    [InlineData("type")]
    [InlineData("scope")]
    public void Another_member_says_nothing_about_it(string member)
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
    public void The_word_farthest_from_an_access_token_counts(string body, string kind)
    {
        IntrospectionResponse response = Read(body);

        Assert.Equal(kind, response.Kind.ToString());
    }

    private static IntrospectionResponse Read(string body) => IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Response!;
}
