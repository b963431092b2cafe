using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>samples/Api with <c>Provider=WorkOS</c>, against what workos.com/docs says.</summary>
public sealed class WorkOSTests(WorkOSApi fixture) : IClassFixture<WorkOSApi>
{
    private SampleApi Api => fixture.Api;

    private string Issuer => fixture.Server.Domain;

    [Fact]
    public async Task A_users_token_brings_the_users_claims_in_the_order_of_the_answer()
    {
        Answer answer = await Api.GetAsync("/me", WorkOSServer.UserToken);

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
            answer.Claims.Select(claim =>
                claim.StartsWith("exp=", StringComparison.Ordinal) ? "exp=" : claim[..claim.IndexOf(' ', StringComparison.Ordinal)]
            ),
            StringComparer.Ordinal
        );
        Assert.All(answer.Claims, claim => Assert.EndsWith(" " + Issuer, claim, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machines_token_is_accepted_without_a_session()
    {
        Answer answer = await Api.GetAsync("/me", WorkOSServer.MachineToken);

        Assert.Contains($"sub=client_app (string) {Issuer}", answer.Claims, StringComparer.Ordinal);
        Assert.Contains($"org_id=org_01 (string) {Issuer}", answer.Claims, StringComparer.Ordinal);
        Assert.DoesNotContain(answer.Claims, claim => claim.StartsWith("sid=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_with_the_documented_minimum_is_accepted()
    {
        Answer answer = await Api.GetAsync("/me", WorkOSServer.BareToken);

        Assert.Equal((200, 5), (answer.Status, answer.Claims.Length));
    }

    [Theory]
    [InlineData(WorkOSServer.RefreshToken, "The token is not an access token.")]
    [InlineData(WorkOSServer.ForeignToken, "The access token was issued by another authorization server.")]
    [InlineData(WorkOSServer.ExpiredToken, "The access token has expired.")]
    [InlineData("unknown", "The access token is not active.")]
    public async Task A_token_that_the_server_calls_active_is_refused_all_the_same_when_it_is_no_access_token_of_this_domain(
        string token,
        string description
    )
    {
        Answer answer = await Api.GetAsync("/me", token);

        answer.AssertInvalidToken(description);
    }

    [Fact]
    public async Task An_endpoint_that_needs_a_scope_stays_shut_because_the_answer_has_none()
    {
        Answer answer = await Api.GetAsync("/read", WorkOSServer.UserToken);

        answer.AssertForbidden("read");
    }

    [Fact]
    public async Task A_slash_at_the_end_of_the_authority_does_not_matter()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["Authority"] += "/";
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/me", WorkOSServer.UserToken);

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_wrong_secret_is_not_the_callers_fault()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["ClientSecret"] = "wrong-secret-of-the-api";
        await using SampleApi api = await SampleApi.StartAsync(settings);

        Answer answer = await api.GetAsync("/me", WorkOSServer.UserToken);

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        await api.WaitForLogAsync("it refuses the credentials or the request of this API");
        Assert.DoesNotContain("wrong-secret-of-the-api", api.Log, StringComparison.Ordinal);
    }
}
