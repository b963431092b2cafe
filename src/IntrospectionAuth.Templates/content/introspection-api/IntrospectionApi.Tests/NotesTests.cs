using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IntrospectionApi.Tests;

public class NotesTests
{
    [Theory]
    [InlineData("read", HttpStatusCode.OK)]
    [InlineData("other", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Notes_require_a_token_that_may_read(string? permission, HttpStatusCode expected)
    {
        await using var server = FakeAuthorizationServer.Create(options =>
        {
#if (isAttio)
            options.Provider = FakeAuthorizationServerProvider.Attio;
#elif (isWorkOS)
            options.Provider = FakeAuthorizationServerProvider.WorkOS;
            options.BaseAddress = new Uri("https://auth.example.com");
#elif (isVMware)
            options.Provider = FakeAuthorizationServerProvider.VMwareCloud;
            options.BaseAddress = new Uri("https://auth.example.com");
#else
            options.BaseAddress = new Uri("https://auth.example.com");
#endif
        });
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("Authentication:Schemes:OAuthIntrospection:ClientSecret", "a secret of the tests");
            host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server));
        });
        using HttpClient client = factory.CreateClient();

        if (permission is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", IssueToken(server, permission));
        using HttpResponseMessage response = await client.GetAsync("/notes", TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    private static string IssueToken(FakeAuthorizationServer server, string permission) =>
#if (hasScopes)
        server.IssueToken(permission);
#else
#if (isVMware)
        server.IssueToken(token => token.Members["orgId"] = permission == "read" ? (object)"org-1" : FakeJson.Absent);
#else
        server.IssueToken(token => token.Members["org_id"] = permission == "read" ? (object)"org-1" : FakeJson.Absent);
#endif
#endif
}
