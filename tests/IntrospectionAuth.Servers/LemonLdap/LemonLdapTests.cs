using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers.LemonLdap;

/// <summary>samples/Api with lemonldap-ng 2.16.</summary>
public sealed class LemonLdapTests(LemonLdapServer server) : IClassFixture<LemonLdapServer>
{
    [ServerTheory(LemonLdapServer.Packages)]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task An_active_token_is_accepted(string method)
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings(method));
        string token = (await server.IssueAsync("read")).Access;

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        (await api.GetAsync("/write", token)).AssertForbidden("write");
    }

    [ServerFact(LemonLdapServer.Packages)]
    public async Task Unknown_and_refresh_tokens_are_invalid()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_basic"));
        string refresh = (await server.IssueAsync("read")).Refresh;

        (await api.GetAsync("/read", "unknown")).AssertInvalidToken("The access token is not active.");
        (await api.GetAsync("/read", refresh)).AssertInvalidToken("The access token is not active.");
    }

    [ServerFact(LemonLdapServer.Packages)]
    public async Task The_claims_are_the_members_of_the_response()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_basic"));
        string token = (await server.IssueAsync("read")).Access;

        string[] claims = (await api.GetAsync("/me", token)).Claims;

        Assert.Contains($"sub={LemonLdapServer.User} (string) {server.Url}", claims);
        Assert.Contains($"client_id=app (string) {server.Url}", claims);
        Assert.Contains($"scope=read (string) {server.Url}", claims);
    }

    [ServerFact(LemonLdapServer.Packages)]
    public async Task ValidIssuers_accepts_what_the_server_reports_and_rejects_the_rest()
    {
        string token = (await server.IssueAsync("read")).Access;
        await using SampleApi same = await HostedApi.StartAsync(server.Settings("client_secret_basic", ("ValidIssuers:0", server.Url)));
        await using SampleApi other = await HostedApi.StartAsync(
            server.Settings("client_secret_basic", ("ValidIssuers:0", "https://another.example.com"))
        );

        Assert.Equal(200, (await same.GetAsync("/read", token)).Status);
        Assert.Equal(401, (await other.GetAsync("/read", token)).Status);
    }

    [ServerTheory(LemonLdapServer.Packages)]
    [InlineData("ClientSecret", "wrong")]
    [InlineData("ClientId", "unknown")]
    public async Task Wrong_credentials_yield_503(string setting, string value) =>
        await AnyServer.AssertRefusedCredentialsYield503Async(
            server.Settings("client_secret_basic", (setting, value)),
            (await server.IssueAsync("read")).Access
        );

    [ServerFact(LemonLdapServer.Packages)]
    public async Task A_cached_token_works_after_the_server_has_stopped_and_others_get_503()
    {
        await using var another = new LemonLdapServer();
        await another.InitializeAsync();

        await AnyServer.AssertOnlyCachedTokensWorkInAnOutageAsync(
            another.Settings("client_secret_basic"),
            () => another.IssueAsync("read"),
            another.KillAsync
        );
    }
}
