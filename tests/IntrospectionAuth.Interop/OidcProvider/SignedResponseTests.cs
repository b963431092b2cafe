using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api accepts only signed responses (RFC 9701), by configuration alone.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class SignedResponseTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_response_signed_with_every_algorithm_is_accepted(string algorithm)
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings(SignedResponseClients.IdOf(algorithm)));

        await AssertWorksAsync(api);
    }

    [NodeTheory]
    [InlineData(SignedResponseClients.Encrypted)]
    [InlineData(SignedResponseClients.EncryptedByDefault)]
    [InlineData(SignedResponseClients.EncryptedByCbc)]
    public async Task A_signed_and_encrypted_response_is_accepted(string clientId)
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings(clientId, ("DecryptionKeyPath", server.SignedResponseClients.Key)));

        await AssertWorksAsync(api);
    }

    [NodeFact]
    public async Task The_keys_are_discovered_with_a_configured_endpoint()
    {
        await using SampleApi api = await HostedApi.StartAsync(
            Settings(SignedResponseClients.IdOf("ES256"), ("IntrospectionEndpoint", server.IntrospectionEndpoint))
        );

        await AssertWorksAsync(api);
    }

    [NodeFact]
    public async Task Plain_JSON_from_a_machine_in_the_middle_makes_no_token_active()
    {
        await using KestrelServer between = await KestrelServer.StartAsync(context =>
            context.Response.WriteJsonAsync("""{"active":true,"sub":"admin","scope":"read write"}""")
        );
        await using SampleApi api = await HostedApi.StartAsync(
            Settings(SignedResponseClients.IdOf("ES256"), ("IntrospectionEndpoint", between.Url))
        );

        ApiResponse first = await api.GetAsync("/read", "forged");
        ApiResponse second = await api.GetAsync("/read", "forged");

        first.AssertUnavailable();
        second.AssertUnavailable();
        Assert.Equal(2, between.CallCount); // the response is not cached
        await api.WaitForLogAsync("its content type is not application/token-introspection+jwt");
    }

    [NodeTheory]
    [InlineData("SignedResponseAudience", "another-api", "its aud is not SignedResponseAudience")]
    [InlineData("DecryptionKeyPath", "the other key", "it cannot be decrypted")]
    [InlineData("DecryptionKeyPath", null, "it is encrypted, but DecryptionKeyPath is not set")]
    public async Task A_response_for_another_recipient_or_key_yields_503(string key, string? value, string fault)
    {
        Dictionary<string, string> settings = Settings(
            SignedResponseClients.Encrypted,
            ("DecryptionKeyPath", server.SignedResponseClients.Key)
        );
        settings.Remove(value is null ? key : "");
        if (value is not null)
            settings[key] = value == "the other key" ? server.SignedResponseClients.OtherKey : value;
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", await server.IssueAsync("read"));

        response.AssertUnavailable();
        await api.WaitForLogAsync(fault);
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", api.Log, StringComparison.Ordinal);
    }

    private async Task AssertWorksAsync(SampleApi api)
    {
        string token = await server.IssueAsync("read");
        ApiResponse accepted = await api.GetAsync("/read", token);
        ApiResponse forbidden = await api.GetAsync("/write", token);
        ApiResponse refused = await api.GetAsync("/read", "unknown");
        await server.RevokeAsync(token);
        ApiResponse revoked = await api.GetAsync("/read", token);

        Assert.Equal((200, "You may read."), (accepted.Status, accepted.Body));
        forbidden.AssertForbidden("write");
        refused.AssertInvalidToken("The access token is not active.");
        revoked.AssertInvalidToken("The access token is not active.");
    }

    private Dictionary<string, string> Settings(string clientId, params (string Key, string Value)[] more)
    {
        Dictionary<string, string> settings = server.DiscoverySettings("none", clientId);
        settings["RequireSignedResponse"] = "true";
        settings["Cache:MaximumAge"] = "0"; // a revocation takes effect at the next request
        foreach ((string key, string value) in more)
            settings[key] = value;
        return settings;
    }
}
