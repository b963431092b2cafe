using System.Security.Cryptography;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>A secret that is never sent is reported at startup.</summary>
public sealed class IgnoredSecretTests
{
    [Theory]
    [InlineData("private_key_jwt", true)]
    [InlineData("client_credentials", true)]
    [InlineData("client_secret_basic", false)]
    public async Task A_secret_beside_a_signing_key_is_reported(string method, bool isReported)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.ClientId = "api";
                            options.ClientSecret = "the-secret-that-is-left-over";
                            options.ClientAuthenticationMethod = method switch
                            {
                                "private_key_jwt" => ClientAuthenticationMethod.PrivateKeyJwt,
                                "client_credentials" => ClientAuthenticationMethod.ClientCredentials,
                                _ => ClientAuthenticationMethod.ClientSecretBasic,
                            };
                            if (method == "client_credentials")
                            {
                                options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
                                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                            }

                            if (isReported)
                            {
                                options.SigningAlgorithm = "ES256";
                                options.ClientAssertionAudience = "https://auth.example.com";
                                options.SigningKey = ClientSigningKey.FromPem(key.ExportPkcs8PrivateKeyPem());
                            }
                        }),
            }
        );

        string[] warnings = [.. StartupLog.Warnings(api.Log)];

        if (isReported)
        {
            Assert.Equal(
                "Startup check IgnoredClientSecret: Scheme OAuthIntrospection: ClientSecret is set, but the client authentication method "
                    + "private_key_jwt signs with a key and never sends it. Remove ClientSecret, also where it is stored, or choose "
                    + "client_secret_basic or client_secret_post.",
                Assert.Single(warnings)
            );
        }
        else
        {
            Assert.Empty(warnings);
        }

        Assert.DoesNotContain("the-secret-that-is-left-over", api.Log.Text, StringComparison.Ordinal);
    }
}
