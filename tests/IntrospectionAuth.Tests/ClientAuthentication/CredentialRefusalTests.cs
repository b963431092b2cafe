using System.Security.Cryptography;
using IntrospectionAuth.Tests.ClientCredentials;
using IntrospectionAuth.Tests.Discovery;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>What is done when a server refuses: by client authentication method, status and endpoint.</summary>
public sealed class CredentialRefusalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("credential-refusal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("client_secret_basic", 401, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_basic", 403, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_basic_raw", 401, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_basic_raw", 403, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_post", 401, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_post", 403, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_jwt", 401, 503, 1, "CredentialsRefused")]
    [InlineData("client_secret_jwt", 403, 503, 1, "CredentialsRefused")]
    [InlineData("none", 401, 503, 1, "CredentialsRefused")]
    [InlineData("none", 403, 503, 1, "CredentialsRefused")]
    [InlineData("presented_token", 401, 401, 1, "")]
    [InlineData("presented_token", 403, 503, 1, "UnexpectedStatus")]
    [InlineData("private_key_jwt", 401, 503, 2, "CredentialsRefused")] // the file has changed: with the new key, once more
    [InlineData("private_key_jwt", 403, 503, 1, "CredentialsRefused")]
    [InlineData("bearer", 401, 503, 2, "CredentialsRefused")]
    [InlineData("bearer", 403, 503, 2, "CredentialsRefused")]
    [InlineData("client_credentials", 401, 503, 2, "CredentialsRefused")]
    [InlineData("client_credentials", 403, 503, 2, "CredentialsRefused")]
    public async Task The_reaction_at_the_introspection_endpoint(string method, int status, int expected, int calls, string message)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(server, method);
        server.RespondAt("/introspect", status);

        Assert.Equal(expected, await api.GetAsync("token"));

        Assert.Equal(1 + calls, server.Count("POST /introspect"));
        string[] said = ["CredentialsRefused", "UnexpectedStatus", "CredentialsRenewed", "TokenNotIssued"];
        Assert.Equal(said.Select(name => name == message ? 1 : 0), said.Select(api.Signal.Count));
    }

    [Theory]
    [InlineData("client_secret_basic", 401, 1)]
    [InlineData("client_secret_basic", 403, 1)]
    [InlineData("client_secret_basic_raw", 401, 1)]
    [InlineData("client_secret_basic_raw", 403, 1)]
    [InlineData("client_secret_post", 401, 1)]
    [InlineData("client_secret_post", 403, 1)]
    [InlineData("client_secret_jwt", 401, 1)]
    [InlineData("client_secret_jwt", 403, 1)]
    [InlineData("private_key_jwt", 401, 2)]
    [InlineData("private_key_jwt", 403, 1)] // that is about what the client may do, and not about its key
    public async Task The_reaction_at_the_token_endpoint(string method, int status, int requests)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.Lifetime = "2";
        await using DiscoveryApi api = await StartAsync(server, "client_credentials", method);
        server.OnToken = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        api.Time.Advance(TimeSpan.FromSeconds(2)); // the token has expired, and it is too early to look at the file again

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Equal((1 + requests, 1), (server.TokenRequests.Count, server.Count("POST /introspect")));
        Assert.Equal((1, 0), (api.Signal.Count("TokenNotIssued"), api.Signal.Count("CredentialsRefused")));
    }

    [Theory]
    [InlineData("private_key_jwt", true)]
    [InlineData("client_secret_jwt", true)]
    [InlineData("client_secret_post", false)]
    public async Task The_log_of_a_refused_assertion_names_its_settings(string method, bool hasAssertion)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi asking = await StartAsync(server, method);
        await using DiscoveryApi obtaining = await StartAsync(server, "client_credentials", method);
        server.OnToken = static context =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        server.RespondAt("/introspect", 401);
        obtaining.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((503, 503), (await asking.GetAsync("token"), await obtaining.GetAsync("token")));

        foreach (DiscoveryApi api in new[] { asking, obtaining })
        {
            Assert.Equal(hasAssertion, api.Log.Contains("Check ClientAssertionType", StringComparison.Ordinal));
            Assert.Equal(hasAssertion, api.Log.Contains("ClientAssertionAudience", StringComparison.Ordinal));
        }

        Assert.Equal(hasAssertion, obtaining.Log.Contains("This API authenticated by", StringComparison.Ordinal));
    }

    private async Task<DiscoveryApi> StartAsync(TokenServer server, string method, string? tokenEndpointMethod = null)
    {
        int run = 0;
        string keyFile = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N") + ".pem");
        bool usesKeyFile = method == "private_key_jwt" || tokenEndpointMethod == "private_key_jwt";
        await WriteKeyAsync();
        server.On("/introspect", static context => MetadataServer.WriteAsync(context, """{"active":true,"scope":"read"}"""));
        DiscoveryApi api = await DiscoveryApi.StartAsync(
            "",
            options =>
            {
                options.IntrospectionEndpoint = server.IntrospectionEndpoint;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.ClientAuthenticationMethod =
                    method == "bearer"
                        ? ClientAuthenticationMethod.BearerCredential(_ => new($"credential-{run++}"))
                        : ClientAuthenticationMethod.Find(method)!;
                options.ClientSecret =
                    usesKeyFile || method is "none" or "presented_token" ? null : "a secret that is long enough for HS256";
                options.SigningKeyPath = usesKeyFile ? keyFile : null;
                if (method != "client_credentials")
                    return;
                options.ClientCredentials.TokenEndpoint = server.TokenEndpoint;
                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.Find(
                    tokenEndpointMethod ?? "client_secret_basic"
                )!;
            }
        );
        Assert.Equal(200, await api.GetAsync("first")); // with the key that then changes
        await WriteKeyAsync();
        return api;

        async Task WriteKeyAsync()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        }
    }
}
