using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>JWTs that oidc-provider's token endpoint has issued: it introspects none, other servers do.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class JwtTokenTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task A_JWT_is_accepted_where_a_server_says_that_it_is_active_and_refused_once_it_does_not()
    {
        string token = await server.IssueAsync("read write", OidcProviderServer.JwtApi),
            answered = """{"active":true,"sub":"user-1","scope":"read"}""";
        await using KestrelServer other = await KestrelServer.StartAsync(async context =>
        {
            string form = (await context.Request.ReadFormLinesAsync())!;
            await context.Response.WriteJsonAsync(
                form.Contains("token=" + token, StringComparison.Ordinal) ? answered : KestrelResponses.Inactive
            );
        });
        await using SampleApi api = await SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = other.Url + "/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
                ["Cache:MaximumAge"] = "0",
            }
        );

        Answer accepted = await api.GetAsync("/read", token);
        Answer claims = await api.GetAsync("/me", token);
        Answer forbidden = await api.GetAsync("/write", token);
        answered = KestrelResponses.Inactive;
        Answer revoked = await api.GetAsync("/read", token);

        Assert.Equal(200, accepted.Status);
        Assert.Equal(["sub=user-1 (string) OAuthIntrospection", "scope=read (string) OAuthIntrospection"], claims.Claims); // the answer's, and nothing of the JWT
        forbidden.AssertForbidden("write");
        revoked.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_JWT_that_the_server_does_not_introspect_is_401()
    {
        await using SampleApi api = await SampleApi.StartAsync(server.Settings);

        Answer refused = await api.GetAsync("/read", await server.IssueAsync("read", OidcProviderServer.JwtApi));
        Answer accepted = await api.GetAsync("/read", await server.IssueAsync("read"));

        refused.AssertInvalidToken("The access token is not active.");
        Assert.Equal(200, accepted.Status);
        await api.WaitForLogAsync("does not introspect tokens of this type");
        Assert.DoesNotContain("refuses the credentials", api.Log, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_token_filter_refuses_the_JWTs_that_the_server_would_not_look_at_without_a_call()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["TokenFilter:Pattern"] = @"[\w-]{43}";
        await using SampleApi api = await SampleApi.StartAsync(settings);
        string jwt = await server.IssueAsync("read", OidcProviderServer.JwtApi);
        Answer? refused = null;

        int calls = await server.CountCallsAsync(async () => refused = await api.GetAsync("/read", jwt));
        Answer accepted = await api.GetAsync("/read", await server.IssueAsync("read"));

        refused!.AssertInvalidToken("The access token is not in a format that is accepted here.");
        Assert.Equal((0, 200), (calls, accepted.Status));
    }
}
