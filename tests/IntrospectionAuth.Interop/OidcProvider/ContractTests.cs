using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>What callers of samples/Api get when oidc-provider judges their tokens.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ContractTests(OidcProviderServer server, OidcProviderApi fixture) : IClassFixture<OidcProviderApi>
{
    private SampleApi Api => fixture.Api;

    [NodeFact]
    public async Task An_anonymous_endpoint_answers_whatever_the_caller_presents()
    {
        foreach (
            string[] authorization in new string[][]
            {
                [],
                ["Bearer unknown"],
                ["Bearer"],
                ["Basic YTpi"],
                ["Bearer " + await server.IssueAsync("read")],
            }
        )
        {
            Answer answer = await Api.SendAsync("/public", authorization);

            Assert.Equal((200, null, "Anybody may read this."), (answer.Status, answer.WwwAuthenticate, answer.Body));
        }
    }

    [NodeFact]
    public async Task The_claims_are_the_members_of_the_answer_in_its_order()
    {
        string token = await server.IssueAsync("read write", OidcProviderServer.Api);

        Answer answer = await Api.GetAsync("/me", token);

        JsonObject introspected = await server.IntrospectAsync(token);
        Assert.Equal(
            ["active", "client_id", "exp", "iat", "iss", "aud", "scope", "token_type"],
            introspected.Select(member => member.Key),
            StringComparer.Ordinal
        );
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal(
            [
                $"client_id=app (string) {server.Issuer}",
                $"exp={introspected["exp"]} (integer64) {server.Issuer}",
                $"iat={introspected["iat"]} (integer64) {server.Issuer}",
                $"iss={server.Issuer} (string) {server.Issuer}",
                $"aud={OidcProviderServer.Api} (string) {server.Issuer}",
                $"scope=read (string) {server.Issuer}",
                $"scope=write (string) {server.Issuer}",
                $"token_type=Bearer (string) {server.Issuer}",
            ],
            answer.Claims
        );
    }

    [NodeFact]
    public async Task A_users_token_brings_the_users_sub()
    {
        Answer answer = await Api.GetAsync("/me", await server.IssueKindAsync("access"));

        Assert.Equal($"sub=user-1 (string) {server.Issuer}", answer.Claims[0]);
    }

    [NodeTheory]
    [InlineData("read", "/read", "You may read.")]
    [InlineData("write", "/write", "You may write.")]
    [InlineData("read write", "/read-write", "You may read and write.")]
    [InlineData("write read", "/read-write", "You may read and write.")]
    [InlineData("admin read", "/admin", "You may administer.")]
    public async Task A_token_with_the_scopes_opens_the_endpoint(string scope, string path, string body)
    {
        Answer answer = await Api.GetAsync(path, await server.IssueAsync(scope));

        Assert.Equal((200, null, body), (answer.Status, answer.WwwAuthenticate, answer.Body));
    }

    [NodeTheory]
    [InlineData("write", "/read", "read")]
    [InlineData("read", "/write", "write")]
    [InlineData("read", "/read-write", "read write")]
    [InlineData("write", "/read-write", "read write")]
    [InlineData("read write", "/admin", "admin")]
    public async Task A_token_without_the_scopes_is_forbidden_and_told_what_the_endpoint_needs(string scope, string path, string needed)
    {
        Answer answer = await Api.GetAsync(path, await server.IssueAsync(scope));

        answer.AssertForbidden(needed);
    }

    [NodeTheory]
    [InlineData("/me", "Bearer")]
    [InlineData("/read", "Bearer scope=\"read\"")]
    [InlineData("/write", "Bearer scope=\"write\"")]
    [InlineData("/read-write", "Bearer scope=\"read write\"")]
    [InlineData("/admin", "Bearer scope=\"admin\"")]
    public async Task A_caller_without_a_token_is_challenged_without_an_error(string path, string challenge)
    {
        foreach (string[] authorization in new string[][] { [], ["Basic YTpi"], ["Digest x"], ["BearerToken x"] })
        {
            Answer answer = await Api.SendAsync(path, authorization);

            Assert.Equal((401, challenge), (answer.Status, answer.WwwAuthenticate));
        }
    }

    [NodeTheory]
    [InlineData("/read")]
    [InlineData("/me")]
    [InlineData("/admin")]
    public async Task An_unknown_token_is_refused(string path)
    {
        Answer answer = await Api.GetAsync(path, "unknown");

        answer.AssertInvalidToken("The access token is not active.");
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [NodeTheory]
    [InlineData("expired")]
    [InlineData("authorization_code")]
    public async Task A_token_that_the_server_calls_inactive_is_refused(string kind)
    {
        Answer answer = await Api.GetAsync("/read", await server.IssueKindAsync(kind));

        answer.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_revoked_token_is_refused_at_the_next_request_where_MaximumAge_is_zero()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:MaximumAge"] = "0";
        await using SampleApi api = await SampleApi.StartAsync(settings);
        string token = await server.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        await server.RevokeAsync(token);

        Answer answer = await api.GetAsync("/read", token);

        answer.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_token_that_is_bound_to_a_key_is_refused_as_plain_bearer()
    {
        Answer answer = await Api.GetAsync("/read", await server.IssueDPoPBoundAsync("read"));

        Assert.Equal(401, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.WwwAuthenticate, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a,b")]
    [InlineData("Bearer \"a\"")]
    [InlineData("Bearer a=b")]
    [InlineData("Bearer %61")]
    [InlineData("Bearer =")]
    public async Task A_malformed_header_is_a_bad_request_and_costs_no_call(string authorization)
    {
        Answer? answer = null;

        int calls = await server.CountCallsAsync(async () => answer = await Api.SendAsync("/read", [authorization]));

        Assert.Equal(
            (400, "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\""),
            (answer!.Status, answer.WwwAuthenticate)
        );
        Assert.Equal(0, calls);
    }

    [NodeFact]
    public async Task Two_headers_and_a_giant_token_are_bad_requests_too()
    {
        string token = await server.IssueAsync("read");

        Answer two = await Api.SendAsync("/read", ["Bearer " + token, "Bearer " + token]);
        Answer giant = await Api.GetAsync("/read", new string('a', 16_385));
        Answer largest = await Api.GetAsync("/read", new string('a', 16_384));

        Assert.Equal((400, 400, 401), (two.Status, giant.Status, largest.Status));
    }

    [NodeTheory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer    ")]
    public async Task The_scheme_compares_without_case_and_any_number_of_spaces_may_follow(string prefix)
    {
        Answer answer = await Api.SendAsync("/read", [prefix + await server.IssueAsync("read")]);

        Assert.Equal(200, answer.Status);
    }

    [NodeFact]
    public async Task A_token_in_the_shape_of_a_JWT_that_the_server_does_not_introspect_is_401()
    {
        // oidc-provider answers 400 unsupported_token_type.
        Answer answer = await Api.GetAsync("/read", "eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWUsInNjb3BlIjoicmVhZCJ9.");

        answer.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [InlineData("client credentials", 200)]
    [InlineData("for this API", 200)]
    [InlineData("user", 200)]
    [InlineData("refresh", 200)] // the server does not say that it is one, and this API names no audience
    [InlineData("bound to a key", 401)]
    [InlineData("bound to a certificate", 401)]
    [InlineData("expired", 401)]
    [InlineData("unknown", 401)]
    public async Task Ten_requests_with_one_token_make_one_call_though_the_server_says_no_store(string kind, int status)
    {
        string token = kind switch
        {
            "client credentials" => await server.IssueAsync("read"),
            "for this API" => await server.IssueAsync("read", OidcProviderServer.Api),
            "user" => await server.IssueKindAsync("access"),
            "bound to a key" => await server.IssueDPoPBoundAsync("read"),
            "bound to a certificate" => await server.IssueCertificateBoundAsync("read"),
            "unknown" => "unknown-" + Guid.NewGuid().ToString("N"),
            _ => await server.IssueKindAsync(kind),
        };

        int calls = await server.CountCallsAsync(async () =>
        {
            for (int i = 0; i < 10; i++)
                Assert.Equal(status, (await Api.GetAsync("/read", token)).Status);
        });

        Assert.Equal(1, calls);
        Assert.DoesNotContain("Cache-Control", Api.Log, StringComparison.Ordinal);
    }
}
