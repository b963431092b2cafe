using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Settings of samples/Api for calls to oidc-provider, and what happens when it is unavailable.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class SettingsTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData("client_secret_basic", "api-basic", "wrong")]
    [InlineData("client_secret_basic", "api-unknown", "basic-secret-0123456789")]
    [InlineData("client_secret_basic_raw", "api-basic", "wrong")]
    [InlineData("client_secret_post", "api-post", "wrong")]
    [InlineData("client_secret_post", "api-none", "wrong")]
    [InlineData("none", "api-basic", null)]
    [InlineData("presented_token", "", null)]
    public async Task Refused_client_credentials_yield_503(string method, string clientId, string? clientSecret)
    {
        Dictionary<string, string> settings = server.Settings;
        settings["ClientAuthenticationMethod"] = method;
        settings["ClientId"] = clientId;
        settings.Remove("ClientSecret");
        if (clientSecret is not null)
            settings["ClientSecret"] = clientSecret;
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        ApiResponse response = await api.GetAsync("/read", token);

        response.AssertUnavailable();
        await api.WaitForLogAsync(
            method == "presented_token" ? "the authorization server responded with 4" : "it refuses this API's credentials or request"
        );
        Assert.DoesNotContain(token, api.Log, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task With_HonorCacheControl_no_store_makes_each_request_a_call_and_logs_one_warning()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:HonorCacheControl"] = "true";
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        int calls = await server.CountCallsAsync(async () =>
        {
            for (int i = 0; i < 10; i++)
                Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        });
        await server.RevokeAsync(token);
        ApiResponse revoked = await api.GetAsync("/read", token);

        Assert.Equal(10, calls);
        revoked.AssertInvalidToken("The access token is not active.");
        await api.WaitForLogAsync("Cache.HonorCacheControl is on, so every request costs a call");
        Assert.Equal(2, api.Log.Split("Cache-Control forbids caching").Length);
    }

    [NodeFact]
    public async Task Audiences_reject_a_refresh_token_that_the_server_reports_as_active_without_a_type()
    {
        string token = await server.IssueKindAsync("refresh");
        Dictionary<string, string> settings = server.Settings;
        await using SampleApi withoutAudience = await HostedApi.StartAsync(settings);
        settings["Audiences:0"] = OidcProviderServer.Api;
        await using SampleApi withAudience = await HostedApi.StartAsync(settings);

        JsonObject introspected = await server.IntrospectAsync(token);
        ApiResponse accepted = await withoutAudience.GetAsync("/read", token);
        ApiResponse refused = await withAudience.GetAsync("/read", token);
        ApiResponse access = await withAudience.GetAsync("/read", await server.IssueAsync("read", OidcProviderServer.Api));

        Assert.Equal(
            (true, false, false),
            ((bool)introspected["active"]!, introspected.ContainsKey("token_type"), introspected.ContainsKey("aud"))
        );
        Assert.Equal((200, 200), (accepted.Status, access.Status));
        refused.AssertInvalidToken("The access token is intended for another audience.");
    }

    [NodeFact]
    public async Task ValidIssuers_reject_a_token_of_another_issuer()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["ValidIssuers:0"] = "https://another.example.com";
        await using SampleApi foreign = await HostedApi.StartAsync(settings);
        settings["ValidIssuers:1"] = server.Issuer;
        await using SampleApi own = await HostedApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        ApiResponse refused = await foreign.GetAsync("/read", token);
        ApiResponse accepted = await own.GetAsync("/read", token);

        refused.AssertInvalidToken("The access token was issued by another authorization server.");
        Assert.Equal(200, accepted.Status);
    }

    [NodeFact]
    public async Task A_required_token_type_rejects_refresh_tokens_without_an_audience()
    {
        // Only oidc-provider's responses for refresh tokens have no token_type.
        Dictionary<string, string> settings = server.Settings;
        settings["RequiredClaims:0"] = "token_type";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse access = await api.GetAsync("/read", await server.IssueKindAsync("access"));
        ApiResponse refresh = await api.GetAsync("/read", await server.IssueKindAsync("refresh"));

        Assert.Equal(200, access.Status);
        refresh.AssertInvalidToken("The access token lacks a required claim.");
    }

    [NodeFact]
    public async Task A_stopped_server_yields_503_and_not_invalid_token()
    {
        await using var mortal = new OidcProviderServer();
        await mortal.InitializeAsync();
        Dictionary<string, string> settings = mortal.Settings;
        settings["Timeout"] = "2";
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string presented = await mortal.IssueAsync("read"),
            issued = await mortal.IssueAsync("read");
        await api.WarmUpAsync(presented);

        await mortal.KillAsync();
        ApiResponse known = await api.GetAsync("/read", issued);
        ApiResponse unknown = await api.GetAsync("/read", "unknown");
        ApiResponse anonymous = await api.GetAsync("/public", issued);

        known.AssertUnavailable();
        unknown.AssertUnavailable();
        Assert.Equal(200, anonymous.Status);
        await api.WaitForLogAsync("the authorization server cannot be reached");
    }

    [NodeFact]
    public async Task A_cached_token_works_after_the_server_has_stopped()
    {
        await using var mortal = new OidcProviderServer();
        await mortal.InitializeAsync();
        await using SampleApi api = await HostedApi.StartAsync(mortal.Settings);
        string token = await mortal.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        await mortal.KillAsync();

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        Assert.Equal(503, (await api.GetAsync("/read", "unknown")).Status);
    }
}
