using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers.Doorkeeper;

/// <summary>samples/Api with Doorkeeper 5.5.</summary>
public sealed class DoorkeeperTests(DoorkeeperServer server) : IClassFixture<DoorkeeperServer>
{
    [ServerTheory(DoorkeeperServer.Packages)]
    [InlineData("client_secret_basic_raw")]
    [InlineData("client_secret_post")]
    public Task An_active_token_is_accepted_until_it_is_revoked(string method) =>
        AnyServer.AssertTokensWorkUntilRevokedAsync(server.Settings(method, ("Cache:MaximumAge", "0")), server.Client);

    [ServerFact(DoorkeeperServer.Packages)]
    public async Task Unknown_and_expired_tokens_are_invalid()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_post", ("Cache:MaximumAge", "0")));
        string token = (await server.Client.IssueAsync("read")).Access;
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        (await api.GetAsync("/read", "unknown")).AssertInvalidToken("The access token is not active.");
        await server.ExpireAsync(token);
        (await api.GetAsync("/read", token)).AssertInvalidToken("The access token is not active.");
    }

    /// <summary>The response does not tell a refresh token from an access token. docs/security.md says what helps.</summary>
    [ServerFact(DoorkeeperServer.Packages)]
    public async Task A_refresh_token_is_accepted_because_the_response_does_not_identify_it()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_post"));
        string refresh = (await server.Client.IssueAsync("read")).Refresh;

        Assert.Equal(200, (await api.GetAsync("/read", refresh)).Status);
    }

    [ServerFact(DoorkeeperServer.Packages)]
    public async Task The_claims_are_the_members_of_the_response()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_post"));
        string token = (await server.Client.IssueAsync("read write")).Access;

        string[] claims = (await api.GetAsync("/me", token)).Claims;

        Assert.Contains(claims, static it => it.StartsWith("client_id=app ", StringComparison.Ordinal));
        Assert.Equal(2, claims.Count(static it => it.StartsWith("scope=", StringComparison.Ordinal)));
        Assert.DoesNotContain(claims, static it => it.StartsWith("sub=", StringComparison.Ordinal)); // the server sends none
    }

    [ServerFact(DoorkeeperServer.Packages)]
    public async Task A_response_is_cached_although_the_server_forbids_it()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_post"));
        string token = (await server.Client.IssueAsync("read")).Access;
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        await server.Client.RevokeAsync(token);

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status); // max-age=0, private, must-revalidate
    }

    [ServerTheory(DoorkeeperServer.Packages)]
    [InlineData("ClientSecret", "wrong")]
    [InlineData("ClientId", "unknown")]
    [InlineData("ClientAuthenticationMethod", "client_secret_basic")] // the server does not decode the credentials
    public async Task Wrong_credentials_yield_503(string setting, string value) =>
        await AnyServer.AssertRefusedCredentialsYield503Async(
            server.Settings("client_secret_basic_raw", (setting, value)),
            (await server.Client.IssueAsync("read")).Access
        );

    [ServerFact(DoorkeeperServer.Packages)]
    public async Task A_cached_token_works_after_the_server_has_stopped_and_others_get_503()
    {
        await using var another = new DoorkeeperServer();
        await another.InitializeAsync();

        await AnyServer.AssertOnlyCachedTokensWorkInAnOutageAsync(
            another.Settings("client_secret_post"),
            () => another.Client.IssueAsync("read"),
            another.KillAsync
        );
    }
}
