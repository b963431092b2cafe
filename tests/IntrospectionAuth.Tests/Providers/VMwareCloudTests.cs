using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static IntrospectionAuth.Tests.Providers.ProviderApi;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>VMware Cloud Services, with the response that its API reference shows.</summary>
public sealed class VMwareCloudTests : IAsyncDisposable
{
    private const string Console = "https://console.cloud.vmware.com";
    private const string ClientId = "client-of-the-api";

    private readonly ProviderApi _api = new(FakeAuthorizationServerProvider.VMwareCloud, ClientId)
    {
        Preset = (options, secret) => options.UseVMwareCloud(Console, ClientId, secret),
        Settings = secret => [("Provider", "VMwareCloud"), ("Authority", Console), ("ClientId", ClientId), ("ClientSecret", secret)],
    };

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("https://console.cloud.vmware.com")]
    [InlineData("https://console.cloud.vmware.com/")]
    public void The_preset_calls_the_console(string console)
    {
        OAuthIntrospectionOptions options = new OAuthIntrospectionOptions().UseVMwareCloud(console, "client", "");

        Assert.Equal("https://console.cloud.vmware.com/csp/gateway/am/api/auth/introspect", options.IntrospectionEndpoint);
        Assert.Same(ClientAuthenticationMethod.ClientSecretBasicRaw, options.ClientAuthenticationMethod);
        Assert.Equal(("client", ""), (options.ClientId, options.ClientSecret));
        Assert.Equal("org_id", options.ClaimMappings["orgId"]);
    }

    [Theory]
    [InlineData(null, "client", "secret")]
    [InlineData("", "client", "secret")]
    [InlineData(Console, null, "secret")]
    [InlineData(Console, "", "secret")]
    [InlineData(Console, "client", null)]
    public void The_preset_requires_its_values(string? console, string? clientId, string? clientSecret) =>
        Assert.ThrowsAny<ArgumentException>(() => new OAuthIntrospectionOptions().UseVMwareCloud(console!, clientId!, clientSecret!));

    [Theory]
    [InlineData("Authority")]
    [InlineData("ClientId")]
    [InlineData("ClientSecret")]
    public async Task In_configuration_a_missing_value_of_the_preset_is_named(string missing)
    {
        Task starting = _api.StartFromConfigurationAsync(without: missing);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Contains($"{missing} is not set, but Provider VMwareCloud needs it.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_documented_refresh_token_is_accepted_and_orgId_becomes_org_id(bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("vmware-refresh"));
        await _api.StartAsync(fromConfiguration);

        AuthenticateResult result = await _api.AuthenticateAsync();

        Assert.Equal(
            "exp=4102444800 | iat=1742604553 | org_id=3b1c2a7e-9d54-4c1a-8f60-5f0d9e7a2b11 | "
                + "sub=vmware.com:4a1f0c8e-5d55-4d6b-a9a6-3f7f1f9f0b21 | token_type=refresh_token",
            result.Principal?.Describe()
        );
    }

    [Theory]
    [InlineData("\"refresh_token\"")]
    [InlineData("\"Refresh\"")]
    [InlineData("\"bearer\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public async Task The_undocumented_token_type_may_be_any_name_of_a_refresh_token(string tokenType)
    {
        _api.Server.RespondWith(200, Recorded("vmware-refresh", "\"refresh_token\"", tokenType));
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_ID_token_is_rejected()
    {
        _api.Server.RespondWith(200, Recorded("vmware-refresh", "\"refresh_token\"", "\"id_token\""));
        await _api.StartAsync();

        using HttpResponseMessage response = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The token is not an access token.\"", response.Challenges());
    }

    [Theory]
    [InlineData("secret", false)]
    [InlineData("secret", true)]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("a+b%20c:d é", false)]
    [InlineData("a+b%20c:d é", true)]
    public async Task The_client_authenticates_by_Basic_without_encoding(string secret, bool fromConfiguration)
    {
        _api.Server.RespondWith(200, Recorded("vmware-refresh"));
        await _api.StartAsync(fromConfiguration, secret);

        (await _api.GetAsync()).EnsureSuccessStatusCode().Dispose();

        IntrospectionCall call = Assert.Single(_api.Server.Calls);
        Assert.Equal(("POST", "/csp/gateway/am/api/auth/introspect", ""), (call.Method, call.Path, call.Query));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("client-of-the-api:" + secret)), call.Headers.Authorization);
        Assert.Equal("token", Assert.Single(call.Parameters.Keys));
        Assert.Equal(Token, call.Parameters["token"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Every_error_yields_503_and_none_means_inactive(int status)
    {
        _api.Server.RespondWith(status, """{"message":"Bad Request","statusCode":400}""");
        await _api.StartAsync();

        using HttpResponseMessage first = await _api.GetAsync();
        using HttpResponseMessage second = await _api.GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal("5", first.RetryAfter());
        Assert.Equal("", first.Challenges());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(2, _api.Server.CallCount);
    }

    [Fact]
    public async Task Wrong_credentials_yield_503_and_the_log_contains_the_servers_status()
    {
        string token = _api.Server.IssueToken();
        await _api.StartAsync(secret: "wrong-secret-of-the-api");

        using HttpResponseMessage response = await _api.GetAsync("/me", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            _api.Log.Entries,
            entry => entry.Level >= LogLevel.Warning && entry.Text.Contains("responded with 400", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_preset_works_with_a_fake_server_of_this_form()
    {
        await _api.StartAsync();
        string revoked = _api.Server.IssueToken();
        _api.Server.Revoke(revoked);

        using HttpResponseMessage good = await _api.GetAsync("/me", _api.Server.IssueToken());
        using HttpResponseMessage bad = await _api.GetAsync("/me", revoked);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Contains("org_id=3b1c2a7e-9d54-4c1a-8f60-5f0d9e7a2b11", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
    }
}
