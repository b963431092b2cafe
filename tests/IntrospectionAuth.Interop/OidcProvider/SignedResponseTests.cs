using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api accepts only what oidc-provider has signed (RFC 9701), set by configuration alone.</summary>
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
    public async Task An_answer_that_is_signed_by_every_algorithm_is_accepted(string algorithm)
    {
        await using SampleApi api = await SampleApi.StartAsync(Settings(SignedResponseClients.IdOf(algorithm)));

        await AssertWorksAsync(api);
    }

    [NodeTheory]
    [InlineData(SignedResponseClients.Encrypted)]
    [InlineData(SignedResponseClients.EncryptedByDefault)]
    [InlineData(SignedResponseClients.EncryptedByCbc)]
    public async Task An_answer_that_is_signed_and_encrypted_is_accepted(string clientId)
    {
        await using SampleApi api = await SampleApi.StartAsync(Settings(clientId, ("DecryptionKeyPath", server.SignedResponseClients.Key)));

        await AssertWorksAsync(api);
    }

    [NodeFact]
    public async Task With_an_endpoint_that_is_configured_too_the_keys_are_found()
    {
        await using SampleApi api = await SampleApi.StartAsync(
            Settings(SignedResponseClients.IdOf("ES256"), ("IntrospectionEndpoint", server.IntrospectionEndpoint))
        );

        await AssertWorksAsync(api);
    }

    [NodeFact]
    public async Task Plain_JSON_from_who_stands_in_between_makes_no_token_active()
    {
        await using KestrelServer between = await KestrelServer.StartAsync(context =>
            context.Response.WriteJsonAsync("""{"active":true,"sub":"admin","scope":"read write"}""")
        );
        await using SampleApi api = await SampleApi.StartAsync(
            Settings(SignedResponseClients.IdOf("ES256"), ("IntrospectionEndpoint", between.Url))
        );

        Answer first = await api.GetAsync("/read", "forged");
        Answer second = await api.GetAsync("/read", "forged");

        first.AssertUnavailable(TimeSpan.FromSeconds(6));
        second.AssertUnavailable(TimeSpan.FromSeconds(6));
        Assert.Equal(2, between.CallCount); // and it is not kept
        await api.WaitForLogAsync("its content type is not application/token-introspection+jwt");
    }

    [NodeTheory]
    [InlineData("SignedResponseAudience", "another-api", "its aud is not SignedResponseAudience")]
    [InlineData("DecryptionKeyPath", "the other key", "it cannot be decrypted")]
    [InlineData("DecryptionKeyPath", null, "it is encrypted, but DecryptionKeyPath is not set")]
    public async Task An_answer_for_somebody_else_or_for_another_key_is_not_an_answer(string key, string? value, string fault)
    {
        Dictionary<string, string> settings = Settings(
            SignedResponseClients.Encrypted,
            ("DecryptionKeyPath", server.SignedResponseClients.Key)
        );
        settings.Remove(value is null ? key : "");
        if (value is not null)
            settings[key] = value == "the other key" ? server.SignedResponseClients.OtherKey : value;
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/read", await server.IssueAsync("read"));

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync(fault);
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", api.Log, StringComparison.Ordinal);
    }

    private async Task AssertWorksAsync(SampleApi api)
    {
        string token = await server.IssueAsync("read");
        Answer accepted = await api.GetAsync("/read", token);
        Answer forbidden = await api.GetAsync("/write", token);
        Answer refused = await api.GetAsync("/read", "unknown");
        await server.RevokeAsync(token);
        Answer revoked = await api.GetAsync("/read", token);

        Assert.Equal((200, "You may read."), (accepted.Status, accepted.Body));
        forbidden.AssertForbidden("write");
        refused.AssertInvalidToken("The access token is not active.");
        revoked.AssertInvalidToken("The access token is not active.");
    }

    private Dictionary<string, string> Settings(string clientId, params (string Key, string Value)[] more)
    {
        Dictionary<string, string> settings = server.DiscoverySettings("none", clientId);
        settings["RequireSignedResponse"] = "true";
        settings["Cache:MaximumAge"] = "0"; // a revocation is noticed at the next request
        foreach ((string key, string value) in more)
            settings[key] = value;
        return settings;
    }
}
