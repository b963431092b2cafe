using System.Globalization;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>samples/Api with <c>Provider=Attio</c>, as documented at docs.attio.com.</summary>
public sealed class AttioTests(VendorApi<AttioServer> fixture) : IClassFixture<VendorApi<AttioServer>>
{
    private SampleApi Api => fixture.Api;

    [Fact]
    public async Task A_token_without_expiry_is_accepted_and_cached_and_null_members_are_no_claims()
    {
        int before = fixture.Server.CallCount;

        ApiResponse response = await Api.GetAsync("/me", AttioServer.ActiveToken);
        ApiResponse again = await Api.GetAsync("/me", AttioServer.ActiveToken);

        Assert.Equal(
            [
                "scope=record_permission:read (string) attio.com",
                "scope=object_configuration:read (string) attio.com",
                "client_id=9a1f (string) attio.com",
                "token_type=Bearer (string) attio.com",
                "iat=1700000000 (integer64) attio.com",
                "sub=14beef7a-99f7-4534-a87e-70b564330a4c (string) attio.com",
                "aud=9a1f (string) attio.com",
                "iss=attio.com (string) attio.com",
                "authorized_by_workspace_member_id=50cf242c-7fa3-4cad-87d0-75b1af71c57b (string) attio.com",
                "workspace_id=14beef7a-99f7-4534-a87e-70b564330a4c (string) attio.com",
                "workspace_name=Basepoint (string) attio.com",
                "workspace_slug=basepoint (string) attio.com",
            ],
            response.Claims
        );
        Assert.Equal(response.Claims, again.Claims);
        Assert.Equal(1, fixture.Server.CallCount - before);
    }

    [Fact]
    public async Task Tokens_with_an_expiry_and_without_optional_members_are_accepted()
    {
        ApiResponse expiring = await Api.GetAsync("/me", AttioServer.ExpiringToken);
        ApiResponse bare = await Api.GetAsync("/me", AttioServer.BareToken);

        Assert.Contains(expiring.Claims, claim => claim.StartsWith("exp=", StringComparison.Ordinal));
        Assert.DoesNotContain(bare.Claims, claim => claim.StartsWith("scope=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scope_is_compared_as_a_whole()
    {
        ApiResponse whole = await Api.GetAsync("/read", AttioServer.ReadToken);
        ApiResponse suffix = await Api.GetAsync("/read", AttioServer.OtherActiveToken); // record_permission:read

        Assert.Equal(200, whole.Status);
        suffix.AssertForbidden("read");
    }

    [Theory]
    [InlineData(AttioServer.InactiveToken)]
    [InlineData(AttioServer.UnauthorizedToken)] // the token is the credential, so 401 means that it is inactive
    public async Task A_token_that_Attio_rejects_is_invalid(string token)
    {
        ApiResponse response = await Api.GetAsync("/read", token);

        response.AssertInvalidToken("The access token is not active.");
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_rejected()
    {
        ApiResponse response = await Api.GetAsync("/read", AttioServer.ForeignToken); // https://attio.com

        response.AssertInvalidToken("The access token was issued by another authorization server.");
    }

    [Fact]
    public async Task A_rate_limit_with_a_date_is_forwarded_as_seconds()
    {
        ApiResponse response = await Api.GetAsync("/read", AttioServer.LimitedToken); // 90 s from now

        Assert.Equal((503, null), (response.Status, response.WwwAuthenticate));
        Assert.InRange(int.Parse(response.RetryAfter!, CultureInfo.InvariantCulture), 60, 90);
    }
}
