using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api authenticates to oidc-provider by assertions, set by configuration alone.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ClientAssertionTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData("RS256", null, "JWT")]
    [InlineData("PS256", "PS256", "JWT")]
    [InlineData("ES256", null, "client-authentication+jwt")]
    [InlineData("ES384", null, "JWT")]
    [InlineData("HS256", null, "JWT")]
    [InlineData("HS384", "HS384", "JWT")]
    [InlineData("HS512", "HS512", "client-authentication+jwt")]
    public async Task An_assertion_by_every_algorithm_is_understood(string client, string? algorithm, string type)
    {
        Dictionary<string, string> settings = Settings(client);
        settings["ClientAssertionType"] = type;
        if (algorithm is not null)
            settings["SigningAlgorithm"] = algorithm;
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer accepted = await api.GetAsync("/read", await server.IssueAsync("read"));
        Answer again = await api.GetAsync("/read", await server.IssueAsync("read")); // oidc-provider takes no jti twice
        Answer refused = await api.GetAsync("/read", "unknown");

        Assert.Equal((200, 200), (accepted.Status, again.Status));
        refused.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [InlineData("ES256", "SigningKeyId", "key-1")] // as registered
    [InlineData("ES256", "ClientAssertionAudience", "/token")]
    [InlineData("HS256", "ClientAssertionAudience", "/token/introspection")]
    public async Task A_setting_that_the_server_understands_is_accepted(string client, string key, string value)
    {
        Dictionary<string, string> settings = Settings(client);
        settings[key] = value.StartsWith('/') ? server.Issuer + value : value;
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/read", await server.IssueAsync("read"));

        Assert.Equal(200, answer.Status);
    }

    [NodeTheory]
    [InlineData("ES256", "ClientId", "api-RS256")] // another client's key
    [InlineData("RS256", "SigningAlgorithm", "PS256")]
    [InlineData("ES256", "SigningKeyId", "another")]
    [InlineData("ES256", "ClientAssertionAudience", "https://another.example.com")]
    [InlineData("HS256", "ClientSecret", "another-secret-of-64-bytes-0123456789-0123456789-0123456789-0123")]
    [InlineData("HS256", "ClientAssertionAudience", "https://another.example.com")]
    public async Task An_assertion_by_a_wrong_key_or_for_another_server_is_this_APIs_fault_and_not_the_callers(string client, string key, string value)
    {
        Dictionary<string, string> settings = Settings(client);
        settings[key] = value;
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/read", await server.IssueAsync("read"));

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync("it refuses the credentials or the request of this API");
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(settings.GetValueOrDefault("ClientSecret") ?? "PRIVATE KEY", api.Log, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Settings(string client)
    {
        Dictionary<string, string> settings = server.Settings;
        settings["Authority"] = server.Issuer;
        settings["ClientId"] = SigningClients.IdOf(client);
        bool isSecret = client.StartsWith("HS", StringComparison.Ordinal);
        settings["ClientAuthenticationMethod"] = isSecret ? "client_secret_jwt" : "private_key_jwt";
        settings["ClientSecret"] = SigningClients.Secret;
        if (!isSecret)
        {
            settings.Remove("ClientSecret");
            settings["SigningKeyPath"] = server.SigningClients.KeyOf(client);
        }

        return settings;
    }
}
