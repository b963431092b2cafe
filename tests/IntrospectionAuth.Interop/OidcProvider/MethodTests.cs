using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Every client authentication method that configuration knows and oidc-provider has, with every kind of token.</summary>
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
    public async Task By_every_method_an_active_token_is_accepted(string method, string token)
    {
        Answer answer = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        Assert.Equal((200, "You may read."), (answer.Status, answer.Body));
    }

    [NodeTheory]
    [MemberData(nameof(NotActive))]
    public async Task By_every_method_a_token_that_is_not_active_is_refused(string method, string token)
    {
        Answer answer = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        answer.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task By_every_method_a_revocation_is_noticed_at_the_next_request_where_MaximumAge_is_zero(string method)
    {
        SampleApi api = await apis.GetAsync(method);
        string token = await server.IssueAsync("read", OidcProviderServer.Api);
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        await server.RevokeAsync(token);

        Answer answer = await api.GetAsync("/read", token);

        answer.AssertInvalidToken("The access token is not active.");
    }

    [NodeTheory]
    [MemberData(nameof(Misdirected))]
    public async Task By_every_method_a_token_that_is_not_meant_for_this_API_is_refused(string method, string token)
    {
        Answer answer = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        answer.AssertInvalidToken("The access token is intended for another audience.");
    }

    [NodeTheory]
    [MemberData(nameof(Bound))]
    public async Task By_every_method_a_bound_token_that_comes_as_plain_bearer_is_refused(string method, string token)
    {
        Answer answer = await (await apis.GetAsync(method)).GetAsync("/read", await IssueAsync(token));

        Assert.Equal(401, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.WwwAuthenticate, StringComparison.Ordinal);
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task By_every_method_a_token_without_the_scope_is_forbidden(string method)
    {
        Answer answer = await (await apis.GetAsync(method)).GetAsync("/read", await server.IssueAsync("write", OidcProviderServer.Api));

        answer.AssertForbidden("read");
    }

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public async Task By_every_method_a_JWT_that_the_server_does_not_introspect_is_401(string method)
    {
        SampleApi api = await apis.GetAsync(method);
        string token = await server.IssueAsync("read", OidcProviderServer.JwtApi);

        Answer answer = await api.GetAsync("/read", token);

        Assert.Equal(3, token.Split('.').Length);
        answer.AssertInvalidToken("The access token is not active."); // it answers 400 unsupported_token_type to whatever looks like a JWT, its own ones too
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
