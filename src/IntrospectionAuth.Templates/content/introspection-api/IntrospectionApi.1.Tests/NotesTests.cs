using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IntrospectionApi._1.Tests;

public class NotesTests
{
    private const string Settings = "Authentication:Schemes:OAuthIntrospection";
#if (hasAudiences)
    private const string Audience = "api-of-the-tests";
#endif

    [Theory]
    [InlineData("read", HttpStatusCode.OK)]
    [InlineData("other", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Notes_require_a_token_that_may_read(string? permission, HttpStatusCode expected)
    {
        await using FakeAuthorizationServer server = CreateServer();

        Assert.Equal(expected, await GetNotesAsync(server, permission is null ? null : server.IssueToken(it => Permit(it, permission))));
    }

#if (hasAudiences)
    [Fact]
    public async Task Tokens_for_other_APIs_are_rejected()
    {
        await using FakeAuthorizationServer server = CreateServer();
        string token = server.IssueToken(it =>
        {
            Permit(it, "read");
            it.Audiences = ["another-api"];
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await GetNotesAsync(server, token));
    }
#endif

    private static FakeAuthorizationServer CreateServer() =>
#if (isAttio)
        FakeAuthorizationServer.Create(options => options.Provider = FakeAuthorizationServerProvider.Attio);
#elif (isWorkOS)
        FakeAuthorizationServer.Create(options => options.Provider = FakeAuthorizationServerProvider.WorkOS);
#elif (isVMware)
        FakeAuthorizationServer.Create(options => options.Provider = FakeAuthorizationServerProvider.VMwareCloud);
#else
        FakeAuthorizationServer.Create();
#endif

    private static void Permit(FakeToken token, string permission)
    {
#if (hasAudiences)
        token.Audiences = [Audience];
#endif
#if (hasScopes)
        token.Scopes = [permission];
#elif (isVMware)
        token.Members["orgId"] = permission == "read" ? "org-1" : FakeJson.Absent;
#else
        token.Members["org_id"] = permission == "read" ? "org-1" : FakeJson.Absent;
#endif
    }

    private static async Task<HttpStatusCode> GetNotesAsync(FakeAuthorizationServer server, string? token)
    {
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            // Instead of those in appsettings.json, so that changes there do not break the tests.
#if (!isAttio)
            host.UseSetting(Settings + ":Authority", server.Issuer);
            host.UseSetting(Settings + ":ClientSecret", "a secret of the tests");
#endif
#if (hasAudiences)
            host.UseSetting(Settings + ":Audiences:0", Audience);
#endif
            host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server));
        });
        using HttpClient client = factory.CreateClient();
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using HttpResponseMessage response = await client.GetAsync("/notes", TestContext.Current.CancellationToken);

        return response.StatusCode;
    }
}
