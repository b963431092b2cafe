using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using static IntrospectionAuth.Tests.Providers.ProviderApi;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>WorkOS AuthKit, with the responses that workos.com/docs shows.</summary>
public sealed class WorkOSTests : IAsyncDisposable
{
    private const string Authority = "https://auth.example.com";
    private const string ClientId = "client_of_the_api";

    private readonly ProviderApi _api = new(FakeAuthorizationServerProvider.WorkOS, ClientId)
    {
        Preset = (options, secret) => options.UseWorkOS(Authority, ClientId, secret),
        Settings = secret => [("Provider", "WorkOS"), ("Authority", Authority), ("ClientId", ClientId), ("ClientSecret", secret)],
    };

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("https://auth.example.com")]
    [InlineData("https://auth.example.com/")]
    public void The_preset_calls_the_AuthKit_domain(string authority)
    {
        OAuthIntrospectionOptions options = new OAuthIntrospectionOptions().UseWorkOS(authority, "client", "secret");

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
        Task starting = _api.StartFromConfigurationAsync(without: missing);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Contains($"{missing} is not set, but Provider WorkOS needs it.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_configuration_an_empty_secret_does_not_hide_that_another_value_is_missing()
    {
        Task starting = _api.StartFromConfigurationAsync(secret: "", without: "Authority");

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Contains("Authority is not set, but Provider WorkOS needs it.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_documented_token_of_a_user_is_accepted(bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("workos-user"));
        await _api.StartAsync(fromConfiguration);

        AuthenticateResult result = await _api.AuthenticateAsync();

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
        _api.Server.RespondWith(200, Recorded("workos-machine"));
        await _api.StartAsync(fromConfiguration);

        AuthenticateResult result = await _api.AuthenticateAsync();

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
        _api.Server.RespondWith(200, Recorded("workos-refresh"));
        await _api.StartAsync(fromConfiguration);

        using HttpResponseMessage cold = await _api.GetAsync();
        using HttpResponseMessage warm = await _api.GetAsync();

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
        _api.Server.RespondWith(200, Recorded("workos-user", "\"https://auth.example.com\"", $"\"{issuer}\""));
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("another authorization server", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_client_authenticates_in_the_form(bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("workos-user"));
        await _api.StartAsync(fromConfiguration);

        (await _api.GetAsync()).EnsureSuccessStatusCode().Dispose();

        IntrospectionCall call = Assert.Single(_api.Server.Calls);
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
        _api.Server.RespondWith(
            200,
            """{"active":true,"token_type":"access_token","client_id":"c","iss":"https://auth.example.com","sub":"user_1","iat":1742604553}"""
        );
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_preset_works_with_a_fake_server_of_this_form()
    {
        await _api.StartAsync();
        string revoked = _api.Server.IssueToken();
        _api.Server.Revoke(revoked);

        using HttpResponseMessage good = await _api.GetAsync("/me", _api.Server.IssueToken());
        using HttpResponseMessage bad = await _api.GetAsync("/me", revoked);
        using HttpResponseMessage refresh = await _api.GetAsync(
            "/me",
            _api.Server.IssueToken(token => (token.TokenType, token.Lifetime) = ("refresh_token", null))
        );

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refresh.StatusCode);
    }
}
