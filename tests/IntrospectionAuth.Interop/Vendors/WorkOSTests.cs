using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>samples/Api with <c>Provider=WorkOS</c>, as documented at workos.com/docs.</summary>
public sealed class WorkOSTests(VendorApi<WorkOSServer> fixture) : IClassFixture<VendorApi<WorkOSServer>>
{
    private SampleApi Api => fixture.Api;

    private string Issuer => fixture.Server.Domain;

    [Fact]
    public async Task A_users_token_yields_the_users_claims_in_the_order_of_the_response()
    {
        ApiResponse response = await Api.GetAsync("/me", WorkOSServer.UserToken);

        Assert.Equal(
            [
                "client_id=client_app",
                $"iss={Issuer}",
                "sub=user_01",
                "aud=client_app",
                "org_id=org_01",
                "sid=session_01",
                "jti=01J",
                "exp=",
                "iat=1700000000",
                "token_type=access_token",
            ],
            response.Claims.Select(claim =>
                claim.StartsWith("exp=", StringComparison.Ordinal) ? "exp=" : claim[..claim.IndexOf(' ', StringComparison.Ordinal)]
            ),
            StringComparer.Ordinal
        );
        Assert.All(response.Claims, claim => Assert.EndsWith(" " + Issuer, claim, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_token_is_accepted_without_a_session()
    {
        ApiResponse response = await Api.GetAsync("/me", WorkOSServer.MachineToken);

        Assert.Contains($"sub=client_app (string) {Issuer}", response.Claims, StringComparer.Ordinal);
        Assert.Contains($"org_id=org_01 (string) {Issuer}", response.Claims, StringComparer.Ordinal);
        Assert.DoesNotContain(response.Claims, claim => claim.StartsWith("sid=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_with_the_documented_minimum_of_members_is_accepted()
    {
        ApiResponse response = await Api.GetAsync("/me", WorkOSServer.BareToken);

        Assert.Equal((200, 5), (response.Status, response.Claims.Length));
    }

    [Theory]
    [InlineData(WorkOSServer.RefreshToken, "The token is not an access token.")]
    [InlineData(WorkOSServer.ForeignToken, "The access token was issued by another authorization server.")]
    [InlineData(WorkOSServer.ExpiredToken, "The access token has expired.")]
    [InlineData("unknown", "The access token is not active.")]
    public async Task An_active_token_that_is_no_access_token_of_this_domain_is_rejected(string token, string description)
    {
        ApiResponse response = await Api.GetAsync("/me", token);

        response.AssertInvalidToken(description);
    }

    [Fact]
    public async Task An_endpoint_with_a_required_scope_gives_403_because_the_response_has_no_scope()
    {
        ApiResponse response = await Api.GetAsync("/read", WorkOSServer.UserToken);

        response.AssertForbidden("read");
    }

    [Fact]
    public async Task A_trailing_slash_of_the_authority_is_ignored()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["Authority"] += "/";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/me", WorkOSServer.UserToken);

        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task A_wrong_client_secret_yields_503()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["ClientSecret"] = "wrong-secret-of-the-api";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/me", WorkOSServer.UserToken);

        response.AssertUnavailable();
        await api.WaitForLogAsync("it refuses this API's credentials or request");
        Assert.DoesNotContain("wrong-secret-of-the-api", api.Log, StringComparison.Ordinal);
    }
}
