using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using static IntrospectionAuth.Tests.Providers.ProviderApi;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>Attio, with the response that docs.attio.com shows.</summary>
public sealed class AttioTests : IAsyncDisposable
{
    private readonly ProviderApi _api = new(FakeAuthorizationServerProvider.Attio)
    {
        Preset = (options, _) => options.UseAttio(),
        Settings = _ => [("Provider", "Attio")],
    };

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public void The_preset_calls_Attio()
    {
        OAuthIntrospectionOptions options = new OAuthIntrospectionOptions().UseAttio();

        Assert.Equal("https://app.attio.com/oauth/introspect", options.IntrospectionEndpoint);
        Assert.Same(ClientAuthenticationMethod.PresentedToken, options.ClientAuthenticationMethod);
        Assert.Equal("attio.com", Assert.Single(options.ValidIssuers));
        Assert.False(options.AcceptRefreshTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_documented_token_that_never_expires_is_accepted(bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("attio-active"));
        await _api.StartAsync(fromConfiguration);

        AuthenticateResult result = await _api.AuthenticateAsync();

        Assert.Equal(
            "scope=record_permission:read | scope=object_configuration:read | client_id=9a1f6a0c-2d0e-4a36-9b9f-6f3f2a1d7c55 "
                + "| token_type=Bearer | iat=1700000000 | "
                + "sub=14beef7a-99f7-4534-a87e-70b564330a4c | aud=9a1f6a0c-2d0e-4a36-9b9f-6f3f2a1d7c55 | iss=attio.com | "
                + "authorized_by_workspace_member_id=50cf242c-7fa3-4cad-87d0-75b1af71c57b | "
                + "workspace_id=14beef7a-99f7-4534-a87e-70b564330a4c | "
                + "workspace_name=Basepoint | workspace_slug=basepoint",
            result.Principal?.Describe()
        );
        Assert.Null(result.Properties?.ExpiresUtc);
        Assert.All(result.Principal!.Claims, claim => Assert.Equal("attio.com", claim.Issuer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_token_itself_is_the_only_credential(bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("attio-active"));
        await _api.StartAsync(fromConfiguration);

        (await _api.GetAsync()).EnsureSuccessStatusCode().Dispose();

        IntrospectionCall call = Assert.Single(_api.Server.Calls);
        Assert.Equal(("POST", "/oauth/introspect", ""), (call.Method, call.Path, call.Query));
        Assert.Equal("Bearer " + Token, call.Headers.Authorization);
        Assert.DoesNotContain(call.Parameters.Keys, name => name.StartsWith("client_", StringComparison.Ordinal));
        Assert.False(call.Parameters.ContainsKey("token_type_hint"));
    }

    [Theory]
    [InlineData("scope:record_permission:read", HttpStatusCode.OK)]
    [InlineData("scope:record_permission:read object_configuration:read", HttpStatusCode.OK)]
    [InlineData("scope:record_permission:read-write", HttpStatusCode.Forbidden)]
    [InlineData("scope:record_permission", HttpStatusCode.Forbidden)]
    public async Task A_scope_with_a_colon_is_a_policy(string policy, HttpStatusCode status)
    {
        _api.Server.RespondWith(200, Recorded("attio-active"));
        await _api.StartAsync(endpoints: app => app.MapGet("/records", () => "").RequireAuthorization(policy));

        using HttpResponseMessage response = await _api.GetAsync("/records");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(200, """{"active":false}""")]
    [InlineData(401, null)]
    [InlineData(401, """{"status_code":401,"type":"auth_error"}""")]
    public async Task A_token_unknown_to_Attio_is_invalid(int status, string? body)
    {
        _api.Server.RespondWith(status, body);
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"", response.Challenges());
    }

    [Fact]
    public async Task A_rate_limit_yields_503_until_the_date_in_Retry_After()
    {
        _api.Server.RespondWith(429, """{"status_code":429}""", headers: [new("Retry-After", "Thu, 01 Jan 2026 00:00:42 GMT")]);
        await _api.StartAsync(time: new ManualTimeProvider());

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("42", response.RetryAfter());
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData("\"iss\": \"attio.com\"", "\"iss\": \"https://attio.com\"")]
    [InlineData("\"iss\": \"attio.com\"", "\"iss\": \"evil.example\"")]
    [InlineData("\"iss\": \"attio.com\"", "\"iss\": null")]
    public async Task A_token_of_another_issuer_is_rejected(string part, string replacement)
    {
        _api.Server.RespondWith(200, Recorded("attio-active", part, replacement));
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("another authorization server", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9a1f6a0c-2d0e-4a36-9b9f-6f3f2a1d7c55", HttpStatusCode.OK)]
    [InlineData("00000000-0000-0000-0000-000000000000", HttpStatusCode.Unauthorized)]
    public async Task Tokens_of_another_app_are_rejected_if_an_audience_is_set(string audience, HttpStatusCode status)
    {
        _api.Server.RespondWith(200, Recorded("attio-active"));
        await _api.StartAsync(options => options.Audiences.Add(audience));

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task An_expired_token_is_not_a_token_that_never_expires()
    {
        _api.Server.RespondWith(200, Recorded("attio-active", "\"exp\": null", "\"exp\": 0"));
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_preset_works_with_a_fake_server_of_this_form()
    {
        await _api.StartAsync();
        string revoked = _api.Server.IssueToken("read");
        _api.Server.Revoke(revoked);

        using HttpResponseMessage good = await _api.GetAsync("/read", _api.Server.IssueToken("read"));
        using HttpResponseMessage bad = await _api.GetAsync("/read", revoked);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
    }
}
