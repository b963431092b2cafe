using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api requires that the user has authenticated lately (RFC 9470), and oidc-provider says when it was.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class StepUpTests(OidcProviderServer server, OidcProviderApi fixture) : IClassFixture<OidcProviderApi>
{
    [NodeFact]
    public async Task A_user_who_has_just_authenticated_may_go_on()
    {
        Answer answer = await fixture.Api.GetAsync("/transfer", await server.IssueKindAsync("access", "user-of-now"));

        Assert.Equal((200, "You may transfer."), (answer.Status, answer.Body));
    }

    [NodeTheory]
    [InlineData("user-of-yesterday")]
    [InlineData("user-1")] // of whom it is not said
    public async Task Another_user_is_told_to_authenticate_again(string account)
    {
        Answer answer = await fixture.Api.GetAsync("/transfer", await server.IssueKindAsync("access", account));

        Assert.Equal(401, answer.Status);
        Assert.Equal(
            "Bearer error=\"insufficient_user_authentication\", error_description=\"The user has to authenticate again, or in another way.\", max_age=\"300\"",
            answer.WwwAuthenticate
        );
    }
}
