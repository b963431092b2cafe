using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Settings of samples/Api for the assertions that authenticate it to oidc-provider.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ClientAssertionTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData("ES256", "SigningKeyId", "key-1")] // as registered
    [InlineData("ES256", "ClientAssertionType", "client-authentication+jwt")]
    [InlineData("HS512", "ClientAssertionType", "client-authentication+jwt")]
    [InlineData("ES256", "ClientAssertionAudience", "/token")]
    [InlineData("HS256", "ClientAssertionAudience", "/token/introspection")]
    public async Task An_assertion_with_each_setting_that_the_server_supports_is_accepted(string client, string key, string value)
    {
        Dictionary<string, string> settings = server.AssertionSettings(client);
        settings[key] = value.StartsWith('/') ? server.Issuer + value : value;
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", await server.IssueAsync("read"));

        Assert.Equal(200, response.Status);
    }

    [NodeTheory]
    [InlineData("ES256", "ClientId", "api-RS256")] // another client's key
    [InlineData("ES384", "ClientId", "api-ES256")]
    [InlineData("RS256", "SigningAlgorithm", "PS256")]
    [InlineData("PS256", "SigningAlgorithm", "RS256")]
    [InlineData("ES256", "SigningKeyId", "another")]
    [InlineData("ES256", "ClientAssertionAudience", "https://another.example.com")]
    [InlineData("HS256", "ClientSecret", "another-secret-of-64-bytes-0123456789-0123456789-0123456789-0123")]
    [InlineData("HS384", "ClientSecret", "another-secret-of-64-bytes-0123456789-0123456789-0123456789-0123")]
    [InlineData("HS512", "SigningAlgorithm", "HS384")]
    [InlineData("HS256", "ClientAssertionAudience", "https://another.example.com")]
    public async Task An_assertion_with_a_wrong_key_or_audience_yields_503(string client, string key, string value)
    {
        Dictionary<string, string> settings = server.AssertionSettings(client);
        settings[key] = value;
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", await server.IssueAsync("read"));

        response.AssertUnavailable();
        await api.WaitForLogAsync("it refuses this API's credentials or request");
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(settings.GetValueOrDefault("ClientSecret") ?? "PRIVATE KEY", api.Log, StringComparison.Ordinal);
    }
}
