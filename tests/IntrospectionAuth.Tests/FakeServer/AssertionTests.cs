using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>The fake server accepts client assertions (RFC 7523), and verifies those that are signed with the secret.</summary>
public sealed class AssertionTests
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Secret = "a secret of 64 bytes is enough for each of the three algorithms.";
    private const string Claims = """{"iss":"api","sub":"api"}""";

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task An_assertion_that_is_signed_with_the_secret_is_accepted(string algorithm)
    {
        await using FakeAuthorizationServer server = Create("client_secret_jwt");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretJwt;
                options.SigningAlgorithm = algorithm;
                options.ClientSecret = Secret;
                options.ClientAssertionAudience = server.Issuer;
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(
            (HttpStatusCode.OK, "client_secret_jwt"),
            (response.StatusCode, Assert.Single(server.Calls).ClientAuthentication.Method)
        );
    }

    [Fact]
    public async Task An_assertion_that_is_signed_with_a_private_key_is_recognized_by_its_algorithm()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using FakeAuthorizationServer server = Create("private_key_jwt");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.SigningKey = ClientSigningKey.FromPem(key.ExportPkcs8PrivateKeyPem());
                options.ClientSecret = null;
                options.ClientAssertionAudience = server.Issuer;
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(
            (HttpStatusCode.OK, "private_key_jwt"),
            (response.StatusCode, Assert.Single(server.Calls).ClientAuthentication.Method)
        );
    }

    [Theory]
    [InlineData("HS256", Claims, Secret, JwtBearer, HttpStatusCode.OK)]
    [InlineData("HS256", Claims, "another secret", JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS999", Claims, Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("none", Claims, Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("ES256", Claims, Secret, JwtBearer, HttpStatusCode.Unauthorized)] // another method than the one required
    [InlineData("HS256", """{"iss":"api","sub":"other"}""", Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS256", """{"iss":"other","sub":"api"}""", Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS256", """{"sub":"api"}""", Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS256", """["api"]""", Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS256", "{", Secret, JwtBearer, HttpStatusCode.Unauthorized)]
    [InlineData("HS256", Claims, Secret, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", HttpStatusCode.Unauthorized)]
    public async Task An_invalid_assertion_gets_invalid_client(
        string algorithm,
        string claims,
        string secret,
        string type,
        HttpStatusCode expected
    )
    {
        await using FakeAuthorizationServer server = Create("client_secret_jwt");
        string signed =
            $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}"}"""))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        string assertion =
            $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";

        Assert.Equal(expected, await SendAsync(server, [new("client_assertion", assertion), new("client_assertion_type", type)]));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("a.b", HttpStatusCode.Unauthorized)]
    [InlineData("a.b.c", HttpStatusCode.Unauthorized)]
    [InlineData("e30.e30.", HttpStatusCode.Unauthorized)]
    public async Task A_malformed_assertion_does_not_count_as_a_client_without_a_secret(string assertion, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create();

        Assert.Equal(
            expected,
            await SendAsync(server, [new("client_id", "api"), new("client_assertion", assertion), new("client_assertion_type", JwtBearer)])
        );
    }

    [Fact]
    public async Task Two_kinds_of_credentials_are_a_bad_request()
    {
        await using var server = FakeAuthorizationServer.Create();

        HttpStatusCode status = await SendAsync(
            server,
            [
                new("client_id", "api"),
                new("client_secret", server.ClientSecret),
                new("client_assertion", "e30.e30."),
                new("client_assertion_type", JwtBearer),
            ]
        );

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private static FakeAuthorizationServer Create(string method) =>
        FakeAuthorizationServer.Create(options => (options.RequiredClientAuthenticationMethod, options.ClientSecret) = (method, Secret));

    private static async Task<HttpStatusCode> SendAsync(FakeAuthorizationServer server, KeyValuePair<string, string>[] credentials)
    {
        using var client = new HttpClient(server.CreateHandler());
        using var form = new FormUrlEncodedContent([new("token", "unknown"), .. credentials]);
        using HttpResponseMessage response = await client.PostAsync(server.IntrospectionEndpoint, form);
        return response.StatusCode;
    }
}
