using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api requires a recent authentication of the user (RFC 9470), and oidc-provider reports its time.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class StepUpTests(OidcProviderServer server, OidcProviderApi fixture) : IClassFixture<OidcProviderApi>
{
    [NodeFact]
    public async Task A_user_who_has_just_authenticated_is_authorized()
    {
        ApiResponse response = await fixture.Api.GetAsync("/transfer", await server.IssueKindAsync("access", "user-of-now"));

        Assert.Equal((200, "You may transfer."), (response.Status, response.Body));
    }

    [NodeTheory]
    [InlineData("user-of-yesterday")]
    [InlineData("user-1")] // no auth_time
    public async Task A_user_without_a_recent_authentication_gets_a_step_up_challenge(string account)
    {
        ApiResponse response = await fixture.Api.GetAsync("/transfer", await server.IssueKindAsync("access", account));

        Assert.Equal(401, response.Status);
        Assert.Equal(
            "Bearer error=\"insufficient_user_authentication\", "
                + "error_description=\"The user must authenticate again or with another method.\", max_age=\"300\"",
            response.WwwAuthenticate
        );
    }
}
