using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api is configured only with the issuer of oidc-provider.</summary>
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
    public async Task The_endpoint_is_discovered_from_the_issuer()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings);

        ApiResponse accepted = await api.GetAsync("/read", await server.IssueAsync("read"));
        ApiResponse refused = await api.GetAsync("/read", "unknown");
        ApiResponse healthy = await api.GetAsync("/health");

        Assert.Equal((200, "You may read."), (accepted.Status, accepted.Body));
        refused.AssertInvalidToken("The access token is not active.");
        Assert.Equal((200, "Healthy"), (healthy.Status, healthy.Body));
        await api.WaitForLogAsync($"discovered the introspection endpoint {server.IntrospectionEndpoint}");
    }

    [NodeFact]
    public async Task An_issuer_with_different_spelling_yields_503_and_the_log_gives_the_reason()
    {
        Dictionary<string, string> settings = Settings;
        settings["Authority"] += "/";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", await server.IssueAsync("read"));

        response.AssertUnavailable();
        await api.WaitForLogAsync("its issuer differs from Authority by the slash at the end");
    }
}
