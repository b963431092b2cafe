using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>What callers of samples/Api get when oidc-provider introspects their tokens.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ContractTests(OidcProviderServer server, OidcProviderApi fixture) : IClassFixture<OidcProviderApi>
{
    private SampleApi Api => fixture.Api;

    [NodeFact]
    public async Task An_anonymous_endpoint_responds_regardless_of_the_token()
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
            ApiResponse response = await Api.SendAsync("/public", authorization);

            Assert.Equal((200, null, "Anybody may read this."), (response.Status, response.WwwAuthenticate, response.Body));
        }
    }

    [NodeFact]
    public async Task The_claims_are_the_members_of_the_response_in_its_order()
    {
        string token = await server.IssueAsync("read write", OidcProviderServer.Api);

        ApiResponse response = await Api.GetAsync("/me", token);

        JsonObject introspected = await server.IntrospectAsync(token);
        Assert.Equal(
            ["active", "client_id", "exp", "iat", "iss", "aud", "scope", "token_type"],
            introspected.Select(member => member.Key),
            StringComparer.Ordinal
        );
        Assert.Equal((200, "application/json"), (response.Status, response.ContentType));
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
            response.Claims
        );
    }

    [NodeFact]
    public async Task A_users_token_yields_the_users_sub()
    {
        ApiResponse response = await Api.GetAsync("/me", await server.IssueKindAsync("access"));

        Assert.Equal($"sub=user-1 (string) {server.Issuer}", response.Claims[0]);
    }

    [NodeTheory]
    [InlineData("read", "/read", "You may read.")]
    [InlineData("write", "/write", "You may write.")]
    [InlineData("read write", "/read-write", "You may read and write.")]
    [InlineData("write read", "/read-write", "You may read and write.")]
    [InlineData("admin read", "/admin", "You may administer.")]
    public async Task A_token_with_the_required_scopes_is_authorized(string scope, string path, string body)
    {
        ApiResponse response = await Api.GetAsync(path, await server.IssueAsync(scope));

        Assert.Equal((200, null, body), (response.Status, response.WwwAuthenticate, response.Body));
    }

    [NodeTheory]
    [InlineData("write", "/read", "read")]
    [InlineData("read", "/write", "write")]
    [InlineData("read", "/read-write", "read write")]
    [InlineData("write", "/read-write", "read write")]
    [InlineData("read write", "/admin", "admin")]
    public async Task A_token_without_the_required_scopes_gets_403_with_the_scopes(string scope, string path, string needed)
    {
        ApiResponse response = await Api.GetAsync(path, await server.IssueAsync(scope));

        response.AssertForbidden(needed);
    }

    [NodeTheory]
    [InlineData("/me", "Bearer")]
    [InlineData("/read", "Bearer scope=\"read\"")]
    [InlineData("/write", "Bearer scope=\"write\"")]
    [InlineData("/read-write", "Bearer scope=\"read write\"")]
    [InlineData("/admin", "Bearer scope=\"admin\"")]
    public async Task A_request_without_a_token_gets_a_challenge_without_an_error(string path, string challenge)
    {
        foreach (string[] authorization in new string[][] { [], ["Basic YTpi"], ["Digest x"], ["BearerToken x"] })
        {
            ApiResponse response = await Api.SendAsync(path, authorization);

            Assert.Equal((401, challenge), (response.Status, response.WwwAuthenticate));
        }
    }

    [NodeTheory]
    [InlineData("/read")]
    [InlineData("/me")]
    [InlineData("/admin")]
    public async Task An_unknown_token_is_rejected(string path)
    {
        ApiResponse response = await Api.GetAsync(path, "unknown");

        response.AssertInvalidToken("The access token is not active.");
        Assert.Equal("application/problem+json", response.ContentType);
    }

    [NodeTheory]
    [InlineData("expired")]
    [InlineData("authorization_code")]
    public async Task An_inactive_token_is_rejected(string kind)
    {
        ApiResponse response = await Api.GetAsync("/read", await server.IssueKindAsync(kind));

        response.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_revoked_token_is_rejected_at_the_next_request_when_MaximumAge_is_zero()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["Cache:MaximumAge"] = "0";
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string token = await server.IssueAsync("read");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        await server.RevokeAsync(token);

        ApiResponse response = await api.GetAsync("/read", token);

        response.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_key_bound_token_is_rejected_as_plain_Bearer()
    {
        ApiResponse response = await Api.GetAsync("/read", await server.IssueDPoPBoundAsync("read"));

        Assert.Equal(401, response.Status);
        Assert.Contains("error=\"invalid_token\"", response.WwwAuthenticate, StringComparison.Ordinal);
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
    public async Task A_malformed_header_gets_400_without_a_call(string authorization)
    {
        ApiResponse? response = null;

        int calls = await server.CountCallsAsync(async () => response = await Api.SendAsync("/read", [authorization]));

        Assert.Equal(
            (400, "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\""),
            (response!.Status, response.WwwAuthenticate)
        );
        Assert.Equal(0, calls);
    }

    [NodeFact]
    public async Task Two_headers_or_a_giant_token_get_400()
    {
        string token = await server.IssueAsync("read");

        ApiResponse two = await Api.SendAsync("/read", ["Bearer " + token, "Bearer " + token]);
        ApiResponse giant = await Api.GetAsync("/read", new string('a', 16_385));
        ApiResponse largest = await Api.GetAsync("/read", new string('a', 16_384));

        Assert.Equal((400, 400, 401), (two.Status, giant.Status, largest.Status));
    }

    [NodeTheory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer    ")]
    public async Task The_scheme_is_case_insensitive_and_may_be_followed_by_several_spaces(string prefix)
    {
        ApiResponse response = await Api.SendAsync("/read", [prefix + await server.IssueAsync("read")]);

        Assert.Equal(200, response.Status);
    }

    [NodeFact]
    public async Task A_JWT_shaped_token_that_the_server_does_not_introspect_gets_401()
    {
        // oidc-provider responds with 400 unsupported_token_type.
        ApiResponse response = await Api.GetAsync("/read", "eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWUsInNjb3BlIjoicmVhZCJ9.");

        response.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [InlineData("client credentials", 200)]
    [InlineData("for this API", 200)]
    [InlineData("user", 200)]
    [InlineData("refresh", 200)] // the response has no token type, and this API has no audience
    [InlineData("bound to a key", 401)]
    [InlineData("bound to a certificate", 401)]
    [InlineData("expired", 401)]
    [InlineData("unknown", 401)]
    public async Task Ten_requests_with_one_token_make_one_call_despite_no_store(string kind, int status)
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
