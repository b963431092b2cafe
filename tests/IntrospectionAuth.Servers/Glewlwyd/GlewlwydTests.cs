using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers.Glewlwyd;

/// <summary>samples/Api with glewlwyd 2.7.</summary>
public sealed class GlewlwydTests(GlewlwydServer server) : IClassFixture<GlewlwydServer>
{
    [ServerTheory(GlewlwydServer.Packages)]
    [InlineData("client_secret_basic")]
    [InlineData("client_credentials")]
    public Task An_active_token_is_accepted_until_it_is_revoked(string method) =>
        AnyServer.AssertTokensWorkUntilRevokedAsync(server.Settings(method, ("Cache:MaximumAge", "0")), server.Client);

    [ServerFact(GlewlwydServer.Packages)]
    public async Task Unknown_and_refresh_tokens_are_invalid()
    {
        await using SampleApi api = await StartAsync("client_credentials");
        string refresh = (await server.Client.IssueAsync("read")).Refresh;

        (await api.GetAsync("/read", "unknown")).AssertInvalidToken("The access token is not active.");
        Assert.Equal(401, (await api.GetAsync("/read", refresh)).Status); // active, with the token_type refresh_token
    }

    [ServerFact(GlewlwydServer.Packages)]
    public async Task The_claims_are_the_members_of_the_response()
    {
        await using SampleApi api = await StartAsync("client_credentials");
        string token = (await server.Client.IssueAsync("read write")).Access;

        string[] claims = (await api.GetAsync("/me", token)).Claims;

        Assert.Contains(claims, static it => it.StartsWith("username=alice ", StringComparison.Ordinal));
        Assert.Contains(claims, static it => it.StartsWith("client_id=app ", StringComparison.Ordinal));
        Assert.Contains(claims, static it => it.StartsWith("sub=", StringComparison.Ordinal));
        Assert.Equal(2, claims.Count(static it => it.StartsWith("scope=", StringComparison.Ordinal)));
    }

    [ServerFact(GlewlwydServer.Packages)]
    public async Task Audiences_accepts_what_the_server_reports_and_rejects_the_rest()
    {
        string token = (await server.Client.IssueAsync("read")).Access;
        await using SampleApi same = await StartAsync("client_credentials", ("Audiences:0", GlewlwydServer.Audience));
        await using SampleApi other = await StartAsync("client_credentials", ("Audiences:0", "another-api"));

        Assert.Equal(200, (await same.GetAsync("/read", token)).Status);
        Assert.Equal(401, (await other.GetAsync("/read", token)).Status);
    }

    /// <summary>The server follows a draft of RFC 9701: the <c>aud</c> of the response is that of the token.</summary>
    [ServerFact(GlewlwydServer.Packages)]
    public async Task A_signed_response_is_accepted()
    {
        await using SampleApi api = await StartAsync(
            "client_credentials",
            ("RequireSignedResponse", "true"),
            ("SignedResponseAudience", GlewlwydServer.Audience)
        );
        string token = (await server.Client.IssueAsync("read")).Access;

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
    }

    [ServerTheory(GlewlwydServer.Packages)]
    [InlineData(false, 503)] // 400 with an empty body: not known to be about the token
    [InlineData(true, 401)]
    public async Task An_unknown_token_with_signed_responses_needs_InactiveStatusCodes(bool isListed, int expected)
    {
        List<(string, string)> settings = [("RequireSignedResponse", "true"), ("SignedResponseAudience", GlewlwydServer.Audience)];
        if (isListed)
            settings.Add(("InactiveStatusCodes:0", "400"));
        await using SampleApi api = await StartAsync("client_credentials", [.. settings]);
        Assert.Equal(200, (await api.GetAsync("/read", (await server.Client.IssueAsync("read")).Access)).Status);

        Assert.Equal(expected, (await api.GetAsync("/read", "unknown")).Status);
    }

    [ServerFact(GlewlwydServer.Packages)]
    public async Task A_DPoP_bound_token_is_accepted_only_with_its_proof()
    {
        using var certificates = new TlsClients();
        using var owner = new BoundTokens(certificates);
        using var thief = new BoundTokens(certificates);
        await using SampleApi api = await StartAsync("client_credentials");
        string token = (
            await server.Client.IssueAsync(
                [("grant_type", "password"), ("scope", "read"), ("username", "alice"), ("password", "alice-password")],
                owner.CreateProof("POST", server.TokenEndpoint)
            )
        ).Access;
        string url = new Uri(api.Url, "read").ToString();

        Assert.Equal(200, await GetAsync(api, token, owner.CreateProof("GET", url, token)));
        Assert.Equal(401, await GetAsync(api, token, thief.CreateProof("GET", url, token)));
        Assert.Equal(401, (await api.GetAsync("/read", token)).Status); // as plain Bearer
    }

    [ServerTheory(GlewlwydServer.Packages)]
    [InlineData("ClientSecret", "wrong")]
    [InlineData("ClientId", "unknown")]
    public async Task Wrong_credentials_yield_503(string setting, string value) =>
        await AnyServer.AssertRefusedCredentialsYield503Async(
            server.Settings("client_secret_basic", (setting, value)),
            (await server.Api.IssueAsync("read")).Access
        );

    [ServerFact(GlewlwydServer.Packages)]
    public async Task A_cached_token_works_after_the_server_has_stopped_and_others_get_503()
    {
        await using var another = new GlewlwydServer();
        await another.InitializeAsync();

        await AnyServer.AssertOnlyCachedTokensWorkInAnOutageAsync(
            another.Settings("client_credentials"),
            () => another.Client.IssueAsync("read"),
            another.KillAsync
        );
    }

    private Task<SampleApi> StartAsync(string method, params (string Name, string Value)[] further) =>
        HostedApi.StartAsync(server.Settings(method, further));

    private static async Task<int> GetAsync(SampleApi api, string token, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        request.Headers.Add("DPoP", proof);
        return (await api.SendAsync(request)).Status;
    }
}
