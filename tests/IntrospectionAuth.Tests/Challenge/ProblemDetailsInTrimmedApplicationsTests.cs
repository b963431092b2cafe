using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

public sealed class ProblemDetailsInTrimmedApplicationsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Problem_details_do_not_need_the_applications_JSON_options(bool addsProblemDetails)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection();
                    // As in a trimmed application
                    services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Clear());
                    if (addsProblemDetails)
                        services.AddProblemDetails();
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", "unknown");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        string body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"status\":401", body, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"invalid_token\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_details_match_the_headers_in_a_trimmed_application()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", "unknown");

        Assert.Equal(
            """{"title":"Unauthorized","status":401,"detail":"The access token is not active.","error":"invalid_token"}""",
            await response.Content.ReadAsStringAsync()
        );
    }
}
