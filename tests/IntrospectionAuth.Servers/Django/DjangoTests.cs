using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers.Django;

/// <summary>samples/Api with django-oauth-toolkit 1.7.</summary>
public sealed class DjangoTests(DjangoServer server) : IClassFixture<DjangoServer>
{
    [ServerTheory(DjangoServer.Packages)]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("client_credentials")]
    public Task An_active_token_is_accepted_until_it_is_revoked(string method) =>
        AnyServer.AssertTokensWorkUntilRevokedAsync(server.Settings(method, ("Cache:MaximumAge", "0")), server.Client);

    [ServerFact(DjangoServer.Packages)]
    public async Task Unknown_expired_and_refresh_tokens_are_invalid()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_basic", ("Cache:MaximumAge", "0")));
        IssuedTokens tokens = await server.Client.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", tokens.Access)).Status);

        (await api.GetAsync("/read", "unknown")).AssertInvalidToken("The access token is not active.");
        (await api.GetAsync("/read", tokens.Refresh)).AssertInvalidToken("The access token is not active.");
        await server.ExpireAsync(tokens.Access);
        (await api.GetAsync("/read", tokens.Access)).AssertInvalidToken("The access token is not active.");
    }

    [ServerFact(DjangoServer.Packages)]
    public async Task The_claims_are_the_members_of_the_response()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_secret_basic"));
        string token = (await server.Client.IssueAsync("read write")).Access;

        string[] claims = (await api.GetAsync("/me", token)).Claims;

        Assert.Contains(claims, static it => it.StartsWith("username=alice ", StringComparison.Ordinal));
        Assert.Contains(claims, static it => it.StartsWith("client_id=app ", StringComparison.Ordinal));
        Assert.Equal(2, claims.Count(static it => it.StartsWith("scope=", StringComparison.Ordinal)));
        Assert.DoesNotContain(claims, static it => it.StartsWith("sub=", StringComparison.Ordinal)); // the server sends none
    }

    [ServerTheory(DjangoServer.Packages)]
    [InlineData("ClientSecret", "wrong")]
    [InlineData("ClientId", "unknown")]
    public async Task Wrong_credentials_yield_503(string setting, string value) =>
        await AnyServer.AssertRefusedCredentialsYield503Async(
            server.Settings("client_secret_basic", (setting, value)),
            (await server.Client.IssueAsync("read")).Access
        );

    [ServerFact(DjangoServer.Packages)]
    public async Task A_revoked_credential_is_obtained_again_within_the_call()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings("client_credentials", ("Cache:MaximumAge", "0")));
        string token = (await server.Client.IssueAsync("read")).Access;
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        await server.RevokeTokensOfAsync("api"); // from now on, 403 with an empty body

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
    }

    [ServerFact(DjangoServer.Packages)]
    public async Task An_endpoint_without_its_slash_yields_503_and_the_log_names_the_setting()
    {
        await using SampleApi api = await HostedApi.StartAsync(
            server.Settings("client_secret_basic", ("IntrospectionEndpoint", server.Url + "/o/introspect"))
        );
        string token = (await server.Client.IssueAsync("read")).Access;

        (await api.GetAsync("/read", token)).AssertUnavailable();
        await api.WaitForLogAsync("IntrospectionEndpoint");
    }

    [ServerFact(DjangoServer.Packages)]
    public async Task A_cached_token_works_after_the_server_has_stopped_and_others_get_503()
    {
        await using var another = new DjangoServer();
        await another.InitializeAsync();

        await AnyServer.AssertOnlyCachedTokensWorkInAnOutageAsync(
            another.Settings("client_secret_basic"),
            () => another.Client.IssueAsync("read"),
            another.KillAsync
        );
    }
}
