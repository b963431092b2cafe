using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>WorkOS AuthKit, with the responses that workos.com/docs shows.</summary>
public sealed class WorkOSTests
{
    private const string Token = ProviderApi.Token;
    private const string Authority = "https://auth.example.com";

    [Theory]
    [InlineData("https://auth.example.com")]
    [InlineData("https://auth.example.com/")]
    public void The_preset_calls_the_AuthKit_domain(string authority)
    {
        OAuthIntrospectionOptions options = ProviderApi.Options(options => options.UseWorkOS(authority, "client", "secret"));

        Assert.Equal("https://auth.example.com/oauth2/introspection", options.IntrospectionEndpoint);
        Assert.Same(ClientAuthenticationMethod.ClientSecretPost, options.ClientAuthenticationMethod);
        Assert.Equal("https://auth.example.com", Assert.Single(options.ValidIssuers));
        Assert.Equal(("client", "secret"), (options.ClientId, options.ClientSecret));
        Assert.False(options.AcceptRefreshTokens);
    }

    [Theory]
    [InlineData(null, "client", "secret")]
    [InlineData("", "client", "secret")]
    [InlineData(Authority, null, "secret")]
    [InlineData(Authority, "", "secret")]
    [InlineData(Authority, "client", null)]
    [InlineData(Authority, "client", "")]
    public void The_preset_requires_all_its_values(string? authority, string? clientId, string? clientSecret) =>
        Assert.ThrowsAny<ArgumentException>(() => new OAuthIntrospectionOptions().UseWorkOS(authority!, clientId!, clientSecret!));

    [Theory]
    [InlineData("Authority")]
    [InlineData("ClientId")]
    [InlineData("ClientSecret")]
    public async Task In_configuration_a_missing_value_of_the_preset_is_named(string missing)
    {
        await using FakeAuthorizationServer server = CreateServer();
        (string Key, string Value)[] settings = [.. Settings.Where(setting => setting.Key != missing)];

        Task<TestApi> starting = ProviderApi.StartAsync(server, settings);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Contains($"{missing} is not set, but Provider WorkOS needs it.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_documented_token_of_a_user_is_accepted(bool fromConfiguration)
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(200, ProviderApi.Recorded("workos-user"));
        await using TestApi api = await StartAsync(server, fromConfiguration);

        AuthenticateResult result = await api.AuthenticateAsync(Token);

        Assert.Equal(
            "client_id=client_01JP8BD0CZ401TDF9X54NT5ZEK | iss=https://auth.example.com | aud=client_123456789 | "
                + "sub=user_01JPXN6KA7622KJ4VP83X1NTKX | "
                + "org_id=org_01HRDMC6CM357W30QMHMQ96Q0S | sid=app_consent_01JPXN6KAQW83AMXXY5WX3RHTJ | "
                + "jti=01JPXN6KFGZQYW3AM2DEVX84YS | exp=4102444800 | "
                + "iat=1742604553 | token_type=access_token",
            result.Principal?.Describe()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_documented_token_of_a_machine_is_accepted(bool fromConfiguration)
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(200, ProviderApi.Recorded("workos-machine"));
        await using TestApi api = await StartAsync(server, fromConfiguration);

        AuthenticateResult result = await api.AuthenticateAsync(Token);

        Assert.True(result.Succeeded);
        Assert.Equal("client_01JP8BD0CZ401TDF9X54NT5ZEK", result.Principal.FindFirst("sub")?.Value);
        Assert.Equal("org_01JJT1ZX4Y9BG603K4Q9SHZ1KW", result.Principal.FindFirst("org_id")?.Value);
        Assert.Null(result.Principal.FindFirst("sid"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refresh_token_is_rejected_although_WorkOS_reports_it_as_active(bool fromConfiguration)
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(200, ProviderApi.Recorded("workos-refresh"));
        await using TestApi api = await StartAsync(server, fromConfiguration);

        using HttpResponseMessage cold = await api.GetAsync("/me", Token);
        using HttpResponseMessage warm = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, cold.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The token is not an access token.\"", cold.Challenges());
        Assert.Equal(HttpStatusCode.Unauthorized, warm.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://auth.example.com/")]
    [InlineData("https://auth.example.com.evil.example")]
    public async Task A_token_of_another_issuer_is_rejected(string issuer)
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(
            200,
            ProviderApi.Recorded("workos-user").Replace("\"https://auth.example.com\"", $"\"{issuer}\"", StringComparison.Ordinal)
        );
        await using TestApi api = await StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("another authorization server", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_client_authenticates_in_the_form(bool fromConfiguration)
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(200, ProviderApi.Recorded("workos-user"));
        await using TestApi api = await StartAsync(server, fromConfiguration);

        (await api.GetAsync("/me", Token)).EnsureSuccessStatusCode().Dispose();

        IntrospectionCall call = Assert.Single(server.Calls);
        Assert.Equal(("POST", "/oauth2/introspection", ""), (call.Method, call.Path, call.Query));
        Assert.False(call.Headers.ContainsKey("Authorization"));
        Assert.Equal(
            "client_id=client_of_the_api client_secret=secret-of-the-api token=opaque-token-4711 token_type_hint=access_token",
            string.Join(
                ' ',
                call.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                    .Select(parameter => $"{parameter.Key}={parameter.Value}")
            )
        );
    }

    [Fact]
    public void A_preset_replaces_the_issuers_of_a_previous_preset()
    {
        OAuthIntrospectionOptions options = new OAuthIntrospectionOptions()
            .UseWorkOS("https://one.example.com", "api", "secret")
            .UseWorkOS("https://two.example.com/", "api", "secret");

        Assert.Equal(["https://two.example.com"], options.ValidIssuers);
    }

    [Fact]
    public async Task Optional_members_may_be_absent()
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(
            200,
            """{"active":true,"token_type":"access_token","client_id":"c","iss":"https://auth.example.com","sub":"user_1","iat":1742604553}"""
        );
        await using TestApi api = await StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_preset_works_with_a_fake_server_of_this_form()
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server);
        string revoked = server.IssueToken();
        server.Revoke(revoked);

        using HttpResponseMessage good = await api.GetAsync("/me", server.IssueToken());
        using HttpResponseMessage bad = await api.GetAsync("/me", revoked);
        using HttpResponseMessage refresh = await api.GetAsync(
            "/me",
            server.IssueToken(token => (token.TokenType, token.Lifetime) = ("refresh_token", null))
        );

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refresh.StatusCode);
    }

    private static (string Key, string Value)[] Settings =>
        [("Provider", "WorkOS"), ("Authority", Authority), ("ClientId", "client_of_the_api"), ("ClientSecret", "secret-of-the-api")];

    private static FakeAuthorizationServer CreateServer() =>
        FakeAuthorizationServer.Create(options =>
        {
            options.Form = FakeAuthorizationServerForm.WorkOS;
            options.ClientId = "client_of_the_api";
            options.ClientSecret = "secret-of-the-api";
        });

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, bool fromConfiguration = false) =>
        fromConfiguration
            ? ProviderApi.StartAsync(server, Settings)
            : ProviderApi.StartAsync(server, options => options.UseWorkOS(Authority, "client_of_the_api", "secret-of-the-api"));
}
