using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Settings of samples/Api that decide how oidc-provider is asked, and what happens when it cannot answer.</summary>
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
    public async Task Refused_client_credentials_are_this_APIs_fault_and_not_the_callers(
        string method,
        string clientId,
        string? clientSecret
    )
    {
        Dictionary<string, string> settings = server.Settings;
        settings["ClientAuthenticationMethod"] = method;
        settings["ClientId"] = clientId;
        settings.Remove("ClientSecret");
        if (clientSecret is not null)
            settings["ClientSecret"] = clientSecret;
        await using SampleApi api = await SampleApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        Answer answer = await api.GetAsync("/read", token);

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync(
            method == "presented_token" ? "the authorization server answered 4" : "it refuses the credentials or the request of this API"
        );
        Assert.DoesNotContain(token, api.Log, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Where_the_servers_no_store_is_honored_each_request_makes_a_call_and_one_warning_says_so()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:HonorCacheControl"] = "true";
        await using SampleApi api = await SampleApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        int calls = await server.CountCallsAsync(async () =>
        {
            for (int i = 0; i < 10; i++)
                Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        });
        await server.RevokeAsync(token);
        Answer revoked = await api.GetAsync("/read", token);

        Assert.Equal(10, calls);
        revoked.AssertInvalidToken("The access token is not active.");
        await api.WaitForLogAsync("Cache.HonorCacheControl is on, so every request costs a call");
        Assert.Equal(2, api.Log.Split("Cache-Control forbids caching").Length);
    }

    [NodeFact]
    public async Task An_audience_alone_keeps_out_a_refresh_token_that_the_server_calls_active_without_saying_its_type()
    {
        string token = await server.IssueKindAsync("refresh");
        Dictionary<string, string> settings = server.Settings;
        await using SampleApi careless = await SampleApi.StartAsync(settings);
        settings["Audiences:0"] = OidcProviderServer.Api;
        await using SampleApi careful = await SampleApi.StartAsync(settings);

        JsonObject introspected = await server.IntrospectAsync(token);
        Answer accepted = await careless.GetAsync("/read", token);
        Answer refused = await careful.GetAsync("/read", token);
        Answer access = await careful.GetAsync("/read", await server.IssueAsync("read", OidcProviderServer.Api));

        Assert.Equal(
            (true, false, false),
            ((bool)introspected["active"]!, introspected.ContainsKey("token_type"), introspected.ContainsKey("aud"))
        );
        Assert.Equal((200, 200), (accepted.Status, access.Status));
        refused.AssertInvalidToken("The access token is intended for another audience.");
    }

    [NodeFact]
    public async Task Valid_issuers_keep_out_what_another_server_has_issued()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["ValidIssuers:0"] = "https://another.example.com";
        await using SampleApi foreign = await SampleApi.StartAsync(settings);
        settings["ValidIssuers:1"] = server.Issuer;
        await using SampleApi own = await SampleApi.StartAsync(settings);
        string token = await server.IssueAsync("read");

        Answer refused = await foreign.GetAsync("/read", token);
        Answer accepted = await own.GetAsync("/read", token);

        refused.AssertInvalidToken("The access token was issued by another authorization server.");
        Assert.Equal(200, accepted.Status);
    }

    [NodeFact]
    public async Task A_required_token_type_keeps_out_refresh_tokens_where_there_is_no_audience()
    {
        // Of oidc-provider's answers only those about refresh tokens have no token_type.
        Dictionary<string, string> settings = server.Settings;
        settings["RequiredClaims:0"] = "token_type";
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer access = await api.GetAsync("/read", await server.IssueKindAsync("access"));
        Answer refresh = await api.GetAsync("/read", await server.IssueKindAsync("refresh"));

        Assert.Equal(200, access.Status);
        refresh.AssertInvalidToken("The access token lacks a required claim.");
    }

    [NodeFact]
    public async Task A_killed_server_makes_tokens_uncheckable_and_not_invalid()
    {
        await using var mortal = new OidcProviderServer();
        await mortal.InitializeAsync();
        Dictionary<string, string> settings = mortal.Settings;
        settings["Timeout"] = "2";
        await using SampleApi api = await SampleApi.StartAsync(settings);
        string presented = await mortal.IssueAsync("read"),
            issued = await mortal.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", presented)).Status);

        await mortal.KillAsync();
        Answer known = await api.GetAsync("/read", issued);
        Answer unknown = await api.GetAsync("/read", "unknown");
        Answer anonymous = await api.GetAsync("/public", issued);

        known.AssertUnavailable(TimeSpan.FromSeconds(3));
        unknown.AssertUnavailable(TimeSpan.FromSeconds(3));
        Assert.Equal(200, anonymous.Status);
        await api.WaitForLogAsync("the authorization server could not be reached");
    }

    [NodeFact]
    public async Task A_kept_answer_outlives_the_server()
    {
        await using var mortal = new OidcProviderServer();
        await mortal.InitializeAsync();
        await using SampleApi api = await SampleApi.StartAsync(mortal.Settings);
        string token = await mortal.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        await mortal.KillAsync();

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        Assert.Equal(503, (await api.GetAsync("/read", "unknown")).Status);
    }
}
