using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>JWTs from oidc-provider's token endpoint. oidc-provider does not introspect them; other servers do.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class JwtTokenTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task A_JWT_is_accepted_while_the_server_says_that_it_is_active()
    {
        string token = await server.IssueAsync("read write", OidcProviderServer.JwtApi),
            introspection = """{"active":true,"sub":"user-1","scope":"read"}""";
        await using KestrelServer other = await KestrelServer.StartAsync(async context =>
        {
            string form = (await context.Request.ReadFormLinesAsync())!;
            await context.Response.WriteJsonAsync(
                form.Contains("token=" + token, StringComparison.Ordinal) ? introspection : KestrelResponses.Inactive
            );
        });
        await using SampleApi api = await HostedApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = other.Url + "/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
                ["Cache:MaximumAge"] = "0",
            }
        );

        ApiResponse accepted = await api.GetAsync("/read", token);
        ApiResponse claims = await api.GetAsync("/me", token);
        ApiResponse forbidden = await api.GetAsync("/write", token);
        introspection = KestrelResponses.Inactive;
        ApiResponse revoked = await api.GetAsync("/read", token);

        Assert.Equal(200, accepted.Status);
        // The claims come from the response and not from the JWT.
        Assert.Equal(["sub=user-1 (string) OAuthIntrospection", "scope=read (string) OAuthIntrospection"], claims.Claims);
        forbidden.AssertForbidden("write");
        revoked.AssertInvalidToken("The access token is not active.");
    }

    [NodeFact]
    public async Task A_JWT_that_the_server_does_not_introspect_gets_401()
    {
        await using SampleApi api = await HostedApi.StartAsync(server.Settings);

        ApiResponse refused = await api.GetAsync("/read", await server.IssueAsync("read", OidcProviderServer.JwtApi));
        ApiResponse accepted = await api.GetAsync("/read", await server.IssueAsync("read"));

        refused.AssertInvalidToken("The access token is not active.");
        Assert.Equal(200, accepted.Status);
        await api.WaitForLogAsync("does not introspect tokens of this type");
        Assert.DoesNotContain("refuses the credentials", api.Log, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_token_filter_rejects_JWTs_without_a_call()
    {
        Dictionary<string, string> settings = server.Settings;
        settings["TokenFilter:Pattern"] = @"[\w-]{43}";
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string jwt = await server.IssueAsync("read", OidcProviderServer.JwtApi);
        ApiResponse? refused = null;

        int calls = await server.CountCallsAsync(async () => refused = await api.GetAsync("/read", jwt));
        ApiResponse accepted = await api.GetAsync("/read", await server.IssueAsync("read"));

        refused!.AssertInvalidToken("The access token is not in a format that is accepted here.");
        Assert.Equal((0, 200), (calls, accepted.Status));
    }
}
