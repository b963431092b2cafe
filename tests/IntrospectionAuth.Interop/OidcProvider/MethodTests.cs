using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Every client authentication method that configuration and oidc-provider support, with every kind of token.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class MethodTests(OidcProviderServer server, MethodApis apis) : IClassFixture<MethodApis>
{
    public static TheoryData<string> Methods => [.. MethodApis.Names];

    public static TheoryData<string, string> Accepted => Combine("of an application", "of a user");

    public static TheoryData<string, string> NotActive => Combine("expired", "revoked", "unknown", "authorization code");

    public static TheoryData<string, string> Misdirected => Combine("for another API", "refresh token");

    public static TheoryData<string, string> Bound => Combine("to a key", "to a certificate");

    [NodeTheory]
    [MemberData(nameof(Accepted))]
    public async Task An_active_token_is_accepted_with_every_method(string method, string token)
    {
        ApiResponse response = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        Assert.Equal((200, "You may read."), (response.Status, response.Body));
    }

    [NodeTheory]
    [MemberData(nameof(NotActive))]
    public async Task An_inactive_token_is_rejected_with_every_method(string method, string token)
    {
        ApiResponse response = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        response.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task A_revoked_token_is_rejected_at_the_next_request_with_every_method_when_MaximumAge_is_zero(string method)
    {
        SampleApi api = await apis.GetAsync(method);
        string token = await server.IssueAsync("read", OidcProviderServer.Api);
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        await server.RevokeAsync(token);

        ApiResponse response = await api.GetAsync("/read", token);

        response.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [MemberData(nameof(Misdirected))]
    public async Task A_token_for_another_audience_is_rejected_with_every_method(string method, string token)
    {
        ApiResponse response = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        response.AssertInvalidToken("The access token is intended for another audience.");
    }

    [NodeTheory]
    [MemberData(nameof(Bound))]
    public async Task A_bound_token_is_rejected_as_plain_Bearer_with_every_method(string method, string token)
    {
        ApiResponse response = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        Assert.Equal(401, response.Status);
        Assert.Contains("error=\"invalid_token\"", response.WwwAuthenticate, StringComparison.Ordinal);
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task A_token_without_the_scope_gets_403_with_every_method(string method)
    {
        SampleApi api = await apis.GetAsync(method);
        ApiResponse response = await api.GetAsync("/read", await server.IssueAsync("write", OidcProviderServer.Api));

        response.AssertForbidden("read");
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task A_JWT_that_the_server_does_not_introspect_gets_401_with_every_method(string method)
    {
        SampleApi api = await apis.GetAsync(method);
        string token = await server.IssueAsync("read", OidcProviderServer.JwtApi);

        ApiResponse response = await api.GetAsync("/read", token);

        Assert.Equal(3, token.Split('.').Length);
        // oidc-provider responds with 400 unsupported_token_type to any JWT.
        response.AssertInvalidToken("The access token is not active.");
    }

    private static TheoryData<string, string> Combine(params string[] tokens)
    {
        var data = new TheoryData<string, string>();
        foreach (string method in MethodApis.Names)
        {
            foreach (string token in tokens)
                data.Add(method, token);
        }

        return data;
    }

    private async Task<string> IssueAsync(string kind)
    {
        switch (kind)
        {
            case "of an application":
                return await server.IssueAsync("read", OidcProviderServer.Api);
            case "of a user":
                return await server.IssueKindAsync("access");
            case "expired":
                return await server.IssueKindAsync("expired");
            case "authorization code":
                return await server.IssueKindAsync("authorization_code");
            case "refresh token":
                return await server.IssueKindAsync("refresh");
            case "for another API":
                return await server.IssueAsync("read", "https://another.example.com");
            case "to a key":
                return await server.IssueDPoPBoundAsync("read");
            case "to a certificate":
                return await server.IssueCertificateBoundAsync("read");
            case "unknown":
                return "unknown";
            case "revoked":
                string token = await server.IssueAsync("read", OidcProviderServer.Api);
                await server.RevokeAsync(token);
                return token;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }
}
