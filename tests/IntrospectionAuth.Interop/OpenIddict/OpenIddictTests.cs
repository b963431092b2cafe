using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>samples/Api with OpenIddict 7: each format of its tokens, and each way in which the API authenticates.</summary>
public sealed class OpenIddictTests(OpenIddictServers servers) : IClassFixture<OpenIddictServers>
{
    private static readonly string[] s_methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

    /// <summary>Each format with each client authentication method.</summary>
    public static TheoryData<TokenFormat, string> Combinations
    {
        get
        {
            var data = new TheoryData<TokenFormat, string>();
            foreach (TokenFormat format in Enum.GetValues<TokenFormat>())
            {
                foreach (string method in s_methods)
                    data.Add(format, method);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task An_active_token_is_accepted_until_it_is_revoked(TokenFormat format, string method)
    {
        OpenIddictServer server = await servers.GetAsync(format);
        SampleApi api = await servers.GetApiAsync(format, method);
        (string token, _) = await server.IssueAsync("read", AudienceOf(method));

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        (await api.GetAsync("/write", token)).AssertForbidden("write");

        await server.RevokeAsync(token);
        (await api.GetAsync("/read", token)).AssertInvalidToken("The access token is not active.");
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task A_token_that_the_server_does_not_know_is_invalid(TokenFormat format, string method)
    {
        SampleApi api = await servers.GetApiAsync(format, method);

        Assert.Equal(401, (await api.GetAsync("/read", "unknown")).Status);
        Assert.Equal(401, (await api.GetAsync("/read", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")).Status);
    }

    [Theory]
    [InlineData(TokenFormat.Reference)]
    [InlineData(TokenFormat.Jwt)]
    [InlineData(TokenFormat.Encrypted)]
    public async Task A_refresh_token_is_rejected(TokenFormat format)
    {
        OpenIddictServer server = await servers.GetAsync(format);
        SampleApi api = await servers.GetApiAsync(format, "client_secret_basic");
        (_, string refresh) = await server.IssueAsync("read");

        Assert.Equal(401, (await api.GetAsync("/read", refresh)).Status);
    }

    [Theory]
    [InlineData(TokenFormat.Reference)]
    [InlineData(TokenFormat.Jwt)]
    [InlineData(TokenFormat.Encrypted)]
    public async Task A_token_for_another_audience_is_invalid(TokenFormat format)
    {
        OpenIddictServer server = await servers.GetAsync(format);
        SampleApi api = await servers.GetApiAsync(format, "client_secret_basic");
        (string token, _) = await server.IssueAsync("read", audience: "another-api");

        (await api.GetAsync("/read", token)).AssertInvalidToken("The access token is not active.");
    }

    [Fact]
    public async Task The_claims_are_the_members_of_the_response()
    {
        OpenIddictServer server = await servers.GetAsync(TokenFormat.Reference);
        SampleApi api = await servers.GetApiAsync(TokenFormat.Reference, "client_secret_basic");
        (string token, _) = await server.IssueAsync("read");

        string[] claims = (await api.GetAsync("/me", token)).Claims;

        Assert.Contains($"sub=alice (string) {server.Issuer}", claims);
        Assert.Contains($"name=Alice (string) {server.Issuer}", claims);
        Assert.Contains($"org_id=org-1 (string) {server.Issuer}", claims);
        Assert.Contains($"scope=read (string) {server.Issuer}", claims);
        Assert.Contains($"aud=api (string) {server.Issuer}", claims);
    }

    [Fact]
    public async Task ValidIssuers_and_Audiences_accept_what_the_server_reports_and_reject_the_rest()
    {
        OpenIddictServer server = await servers.GetAsync(TokenFormat.Reference);
        (string token, _) = await server.IssueAsync("read");

        Assert.Equal(200, await StatusAsync(server, token, ("ValidIssuers:0", server.Issuer), ("Audiences:0", "api")));
        Assert.Equal(401, await StatusAsync(server, token, ("ValidIssuers:0", "https://another.example.com/")));
        Assert.Equal(401, await StatusAsync(server, token, ("Audiences:0", "another-api")));
    }

    [Theory]
    [InlineData("ClientSecret", "wrong")]
    [InlineData("ClientId", OpenIddictClients.Stranger)] // has no permission to introspect
    [InlineData("ClientId", "unknown")]
    public async Task Wrong_credentials_yield_503(string setting, string value)
    {
        OpenIddictServer server = await servers.GetAsync(TokenFormat.Reference);
        Dictionary<string, string> settings = servers.Settings(server, "client_secret_basic");
        settings[setting] = value;
        await using SampleApi api = await HostedApi.StartAsync(settings);
        (string token, _) = await server.IssueAsync("read");

        (await api.GetAsync("/read", token)).AssertUnavailable();
        await api.WaitForLogAsync("it refuses this API's credentials or request");
    }

    [Fact]
    public async Task Without_its_type_an_assertion_yields_503_and_the_log_names_the_setting()
    {
        OpenIddictServer server = await servers.GetAsync(TokenFormat.Reference);
        Dictionary<string, string> settings = servers.Settings(server, "private_key_jwt");
        settings.Remove("ClientAssertionType");
        await using SampleApi api = await HostedApi.StartAsync(settings);
        (string token, _) = await server.IssueAsync("read", OpenIddictClients.ApiWithKey);

        (await api.GetAsync("/read", token)).AssertUnavailable();
        await api.WaitForLogAsync("ClientAssertionType");
    }

    [Fact]
    public async Task A_cached_token_works_after_the_server_has_stopped_and_others_get_503()
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(TokenFormat.Reference);
        await using SampleApi api = await HostedApi.StartAsync(servers.Settings(server, "client_secret_basic"));
        (string cached, _) = await server.IssueAsync("read");
        (string other, _) = await server.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", cached)).Status);

        await server.StopAsync();

        Assert.Equal(200, (await api.GetAsync("/read", cached)).Status);
        (await api.GetAsync("/read", other)).AssertUnavailable();
    }

    private static string AudienceOf(string method) => method == "private_key_jwt" ? OpenIddictClients.ApiWithKey : OpenIddictClients.Api;

    private async Task<int> StatusAsync(OpenIddictServer server, string token, params (string Name, string Value)[] further)
    {
        Dictionary<string, string> settings = servers.Settings(server, "client_secret_basic");
        foreach ((string name, string value) in further)
            settings[name] = value;
        await using SampleApi api = await HostedApi.StartAsync(settings);
        return (await api.GetAsync("/read", token)).Status;
    }
}
