using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>
/// samples/Api obtains its own token from oidc-provider, by configuration alone. The introspection endpoint of oidc-provider accepts no
/// bearer token, so a small server acts as the endpoint. It introspects the API's token at oidc-provider.
/// </summary>
[Collection(SharedOidcProvider.Name)]
public sealed class ClientCredentialsTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData("client_secret_post", "app", "app-secret-0123456789")]
    [InlineData("private_key_jwt", "api-ES256", null)]
    [InlineData("client_secret_jwt", "api-HS256", SigningClients.Secret)]
    public async Task The_API_obtains_its_own_token_by_every_method_and_introspects_with_it(string method, string client, string? secret)
    {
        await using KestrelServer introspection = await StartIntrospectionAsync(client);
        await using SampleApi api = await HostedApi.StartAsync(Settings(introspection, method, client, secret));

        ApiResponse accepted = await api.GetAsync("/read", "known");
        ApiResponse refused = await api.GetAsync("/read", "unknown");

        Assert.Equal((200, 2), (accepted.Status, introspection.CallCount));
        refused.AssertInvalidToken("The access token is not active.");
        Assert.Empty(introspection.Errors);
    }

    [NodeFact]
    public async Task A_revoked_token_of_the_API_is_renewed_within_the_call()
    {
        string? last = null;
        await using KestrelServer introspection = await StartIntrospectionAsync("app", token => last = token);
        await using SampleApi api = await HostedApi.StartAsync(
            Settings(introspection, "client_secret_post", "app", "app-secret-0123456789")
        );
        Assert.Equal(200, (await api.GetAsync("/read", "known")).Status);

        string before = last!;
        await server.RevokeAsync(before);
        ApiResponse response = await api.GetAsync("/read", "known-too");

        Assert.Equal((200, 3), (response.Status, introspection.CallCount));
        Assert.NotEqual(before, last);
        await api.WaitForLogAsync("refused this API's credentials; new ones were obtained");
        Assert.DoesNotContain(before, api.Log, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("ClientSecret", "wrong", "it responded 401, error code invalid_client")]
    [InlineData("ClientCredentials:Scope", "openid", "it responded 400, error code invalid_scope")]
    public async Task A_token_request_that_oidc_provider_refuses_yields_503(string key, string value, string fault)
    {
        await using KestrelServer introspection = await StartIntrospectionAsync("app");
        Dictionary<string, string> settings = Settings(introspection, "client_secret_post", "app", "app-secret-0123456789");
        settings[key] = value;
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/read", "known");

        response.AssertUnavailable();
        await api.WaitForLogAsync(fault);
        Assert.Equal(0, introspection.CallCount);
    }

    private Dictionary<string, string> Settings(KestrelServer introspection, string method, string client, string? secret)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = introspection.Url + "/introspect",
            ["Authority"] = server.Issuer,
            ["ClientId"] = client,
            ["ClientAuthenticationMethod"] = "client_credentials",
            ["ClientCredentials:TokenEndpoint"] = server.Issuer + "/token",
            ["ClientCredentials:AuthenticationMethod"] = method,
            ["ClientCredentials:Scope"] = "read",
        };
        if (secret is not null)
            settings["ClientSecret"] = secret;
        else
            settings["SigningKeyPath"] = server.SigningClients.KeyOf("ES256");
        return settings;
    }

    /// <summary>Accepts tokens of the client while oidc-provider says that they are active.</summary>
    private Task<KestrelServer> StartIntrospectionAsync(string client, Action<string>? onIntrospection = null) =>
        KestrelServer.StartAsync(async context =>
        {
            string credential = context.Request.Headers.Authorization.ToString();
            string token = credential.StartsWith("Bearer ", StringComparison.Ordinal) ? credential["Bearer ".Length..] : "";
            onIntrospection?.Invoke(token);
            System.Text.Json.Nodes.JsonObject response = await server.IntrospectAsync(token);
            bool mayAsk =
                response["active"]!.GetValue<bool>()
                && response["client_id"]!.GetValue<string>() == client
                && response["scope"]!.GetValue<string>() == "read";
            bool isKnown = (await context.Request.ReadFormAsync())["token"].ToString().StartsWith("known", StringComparison.Ordinal);
            await context.Response.WriteJsonAsync(
                !mayAsk ? """{"error":"invalid_token"}"""
                    : isKnown ? """{"active":true,"scope":"read"}"""
                    : KestrelResponses.Inactive,
                mayAsk ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized
            );
        });
}
