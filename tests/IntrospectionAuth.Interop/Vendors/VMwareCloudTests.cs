using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>samples/Api with <c>Provider=VMwareCloud</c>, as documented by VMware Cloud Services.</summary>
public sealed class VMwareCloudTests(VendorApi<VMwareCloudServer> fixture) : IClassFixture<VendorApi<VMwareCloudServer>>
{
    private SampleApi Api => fixture.Api;

    [Fact]
    public async Task A_refresh_token_is_accepted_and_its_organization_is_the_claim_org_id()
    {
        ApiResponse response = await Api.GetAsync("/me", VMwareCloudServer.RefreshToken);

        Assert.Equal(200, response.Status);
        Assert.Equal(5, response.Claims.Length);
        Assert.StartsWith("exp=", response.Claims[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "iat=1700000000 (integer64) OAuthIntrospection", // no iss: the scheme is the issuer
                "org_id=1d2c6e26-2f2c-4d29-9a8b-3a1b0d5f6c7e (string) OAuthIntrospection",
                "sub=vmware.com:a1b2 (string) OAuthIntrospection",
                "token_type=refresh_token (string) OAuthIntrospection",
            ],
            response.Claims[1..]
        );
    }

    [Fact]
    public async Task A_response_without_a_type_is_accepted()
    {
        ApiResponse response = await Api.GetAsync("/me", VMwareCloudServer.UntypedToken);

        Assert.Equal((200, 4), (response.Status, response.Claims.Length));
    }

    [Fact]
    public async Task An_unknown_token_is_rejected_as_invalid()
    {
        ApiResponse response = await Api.GetAsync("/me", "unknown");

        response.AssertInvalidToken("The access token is not active.");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Every_documented_error_yields_503(int status)
    {
        ApiResponse response = await Api.GetAsync("/me", $"{VMwareCloudServer.ErrorTokenPrefix}{status}");

        response.AssertUnavailable();
    }

    [Fact]
    public async Task A_public_client_sends_an_empty_secret()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["ClientId"] = VMwareCloudServer.PublicClientId;
        settings["ClientSecret"] = "";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/me", VMwareCloudServer.RefreshToken);

        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task A_wrong_client_secret_yields_503()
    {
        Dictionary<string, string> settings = fixture.Server.Settings;
        settings["ClientSecret"] = "wrong-secret-of-the-api";
        await using SampleApi api = await HostedApi.StartAsync(settings);

        ApiResponse response = await api.GetAsync("/me", VMwareCloudServer.RefreshToken);

        response.AssertUnavailable();
        await api.WaitForLogAsync("responded with 400, error code none: it refuses this API's credentials or request");
        Assert.DoesNotContain("wrong-secret-of-the-api", api.Log, StringComparison.Ordinal);
    }
}
