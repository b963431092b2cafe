using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api knows of oidc-provider nothing but its issuer.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class DiscoveryTests(OidcProviderServer server)
{
    private Dictionary<string, string> Settings
    {
        get
        {
            Dictionary<string, string> settings = server.Settings;
            settings.Remove("IntrospectionEndpoint");
            settings["Authority"] = server.Issuer;
            return settings;
        }
    }

    [NodeFact]
    public async Task The_issuer_alone_finds_the_endpoint()
    {
        await using SampleApi api = await SampleApi.StartAsync(Settings);

        Answer accepted = await api.GetAsync("/read", await server.IssueAsync("read"));
        Answer refused = await api.GetAsync("/read", "unknown");
        Answer healthy = await api.GetAsync("/health");

        Assert.Equal((200, "You may read."), (accepted.Status, accepted.Body));
        refused.AssertInvalidToken("The access token is not active.");
        Assert.Equal((200, "Healthy"), (healthy.Status, healthy.Body));
        await api.WaitForLogAsync($"the introspection endpoint was discovered: {server.IntrospectionEndpoint}");
    }

    [NodeFact]
    public async Task An_issuer_that_is_not_written_exactly_finds_nothing_and_the_log_says_why()
    {
        Dictionary<string, string> settings = Settings;
        settings["Authority"] += "/";
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/read", await server.IssueAsync("read"));

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync("its issuer differs from Authority by the slash at the end");
    }
}
