using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>Required claims.</summary>
public sealed class RequiredClaimTests
{
    [Theory]
    [InlineData("org_id", """{"active":true,"org_id":"o"}""")]
    [InlineData("org_id", """{"active":true,"orgId":"o"}""")] // by its name after mapping
    [InlineData("roles", """{"active":true,"realm_access":{"roles":["a"]}}""")]
    [InlineData("org_id sub", """{"active":true,"sub":"s","org_id":"o"}""")]
    [InlineData("exp", """{"active":true,"exp":4102444800}""")]
    [InlineData("flag", """{"active":true,"flag":false}""")]
    [InlineData("scope", """{"active":true,"scope":"read"}""")]
    public async Task A_token_that_has_the_required_claims_is_accepted(string required, string body)
    {
        using HttpResponseMessage response = await SendAsync(required, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("org_id", """{"active":true}""")]
    [InlineData("org_id", """{"active":true,"org_id":null}""")]
    [InlineData("org_id", """{"active":true,"org_id":[]}""")]
    [InlineData("org_id", """{"active":true,"org_id":[null]}""")]
    [InlineData("org_id", """{"active":true,"Org_Id":"o"}""")]
    [InlineData("org_id", """{"active":true,"org_id2":"o"}""")]
    [InlineData("org_id", """{"active":true,"x":{"org_id":"o"}}""")]
    [InlineData("orgId", """{"active":true,"orgId":"o"}""")] // it was mapped away
    [InlineData("roles", """{"active":true,"realm_access":{"roles":[]}}""")]
    [InlineData("org_id sub", """{"active":true,"org_id":"o"}""")]
    [InlineData("org_id sub", """{"active":true,"sub":"s"}""")]
    [InlineData("exp", """{"active":true,"exp":null}""")]
    [InlineData("scope", """{"active":true,"scope":""}""")]
    [InlineData("active", """{"active":true}""")]
    public async Task A_token_that_lacks_a_required_claim_is_rejected(string required, string body)
    {
        using HttpResponseMessage response = await SendAsync(required, body);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token lacks a required claim.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    private static async Task<HttpResponseMessage> SendAsync(string required, string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                foreach (string claim in required.Split(' '))
                    options.RequiredClaims.Add(claim);
                options.ClaimMappings["orgId"] = "org_id";
                options.ClaimMappings["realm_access.roles"] = "roles";
            }
        );

        return await api.GetAsync("/me", "opaque-4711");
    }
}
