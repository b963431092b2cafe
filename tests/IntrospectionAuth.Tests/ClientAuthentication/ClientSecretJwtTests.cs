using System.Net;
using System.Text;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary><c>client_secret_jwt</c>: the secret authenticates the assertion, and is not sent.</summary>
public sealed class ClientSecretJwtTests
{
    private const string Secret = "a secret of 32 bytes, ü included";

    [Theory]
    [InlineData(null, Secret, "HS256")]
    [InlineData("HS256", Secret, "HS256")]
    [InlineData("HS384", Secret + Secret, "HS384")]
    [InlineData("HS512", Secret + Secret, "HS512")]
    public async Task The_secret_signs_and_is_not_sent(string? algorithm, string secret, string expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretJwt;
                options.ClientId = "api";
                options.ClientSecret = secret;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningAlgorithm = algorithm;
                options.SigningKeyId = "1";
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", "opaque-4711");

        Assertion assertion = Assertion.Verify(Assert.Single(server.Calls), SymmetricJoseKey.Create(Encoding.UTF8.GetBytes(secret))!);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($$"""{"alg":"{{expected}}","typ":"JWT","kid":"1"}""", assertion.Header.ToJsonString());
        Assert.Equal("https://auth.example.com", assertion.Claims["aud"]!.GetValue<string>());
        Assert.DoesNotContain(secret, api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(assertion.Text, api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_key_id_is_not_sent_and_a_response_that_repeats_the_assertion_is_not_logged()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            string assertion = (await context.Request.ReadFormAsync())["client_assertion"].ToString();
            context.Response.ContentType = "application/" + assertion.Split('.')[0];
        });
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretJwt;
                options.ClientId = "api";
                options.ClientSecret = Secret;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningKeyId = "";
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", "opaque-4711");

        Assertion assertion = Assertion.Verify(Assert.Single(server.Calls), SymmetricJoseKey.Create(Encoding.UTF8.GetBytes(Secret))!);
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", assertion.Header.ToJsonString());
        Assert.Contains("its content type is not JSON", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, Secret, null, "https://auth.example.com", "ClientId is not set")]
    [InlineData("api", null, null, "https://auth.example.com", "ClientSecret is not set")]
    [InlineData("api", "", null, "https://auth.example.com", "ClientSecret is shorter than 32 bytes")]
    [InlineData("api", "a secret of 31 bytes, which is 1", null, null, "The audience of the assertions of client_secret_jwt is not known")]
    [InlineData("api", "one byte too few for any HMAC", null, "https://auth.example.com", "ClientSecret is shorter than 32 bytes")]
    [InlineData("api", Secret, "HS384", "https://auth.example.com", "ClientSecret is shorter than 48 bytes")]
    [InlineData("api", Secret, "RS256", "https://auth.example.com", "SigningAlgorithm is not HS256, HS384 or HS512")]
    [InlineData("api", Secret, "none", "https://auth.example.com", "SigningAlgorithm is not HS256, HS384 or HS512")]
    public void Missing_options_are_reported_at_startup(string? id, string? secret, string? algorithm, string? authority, string fault)
    {
        var options = new OAuthIntrospectionOptions
        {
            ClientId = id,
            ClientSecret = secret,
            SigningAlgorithm = algorithm,
            Authority = authority,
        };

        string said = Assert.Single(ClientAuthenticationMethod.ClientSecretJwt.Validate(options));

        Assert.StartsWith(fault, said, StringComparison.Ordinal);
    }
}
