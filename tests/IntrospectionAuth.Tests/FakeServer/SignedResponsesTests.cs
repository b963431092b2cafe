using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>The fake server signs responses on request.</summary>
public sealed class SignedResponsesTests
{
    [Fact]
    public async Task An_application_that_requires_signed_responses_works_unchanged()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.Authority = "https://login.example.com"; // the authority in production
                options.RequireSignedResponse = true;
            }
        );
        string token = server.IssueToken("read");

        using HttpResponseMessage accepted = await api.GetAsync("/read", token);
        using HttpResponseMessage forbidden = await api.GetAsync("/write", token);
        using HttpResponseMessage unknown = await api.GetAsync("/read", "unknown");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized),
            (accepted.StatusCode, forbidden.StatusCode, unknown.StatusCode)
        );
        Assert.Equal(2, server.CallCount); // without metadata and keys
        Assert.Equal("application/token-introspection+jwt", server.Calls[0].Headers.Accept.ToString());
    }

    [Fact]
    public async Task A_fixed_JSON_response_is_invalid_if_signed_responses_are_required()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.RequireSignedResponse = true);
        server.RespondWith(200, """{"active":true,"scope":"read"}""", calls: 1);

        using HttpResponseMessage unavailable = await api.GetAsync("/read", "token");
        using HttpResponseMessage refused = await api.GetAsync("/read", "token");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.Unauthorized), (unavailable.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task The_audience_of_signed_responses_is_an_option()
    {
        await using var server = FakeAuthorizationServer.Create(options => options.SignedResponseAudience = "https://api.example.com");
        await using TestApi mine = await TestApi.StartAsync(
            server,
            options => (options.RequireSignedResponse, options.SignedResponseAudience) = (true, "https://api.example.com")
        );
        await using TestApi another = await TestApi.StartAsync(server, options => options.RequireSignedResponse = true);
        string token = server.IssueToken("read");

        using HttpResponseMessage accepted = await mine.GetAsync("/read", token);
        using HttpResponseMessage refused = await another.GetAsync("/read", token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (accepted.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task An_issuer_with_a_path_has_metadata_and_signs_responses()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using var tenant = FakeAuthorizationServer.Create(options =>
            options.BaseAddress = new Uri("https://auth.example.com/tenant")
        );
        using HttpClient overSocket = new(server.CreateHandler()),
            inMemory = new(tenant.CreateHandler());

        string metadata = await overSocket.GetStringAsync(server.Issuer + "/.well-known/oauth-authorization-server");
        string tenants = await inMemory.GetStringAsync("https://auth.example.com/.well-known/oauth-authorization-server/tenant");
        using HttpResponseMessage nothing = await inMemory.GetAsync("https://auth.example.com/.well-known/openid-configuration");

        Assert.Contains(
            $"\"issuer\":\"{server.Issuer}\",\"introspection_endpoint\":\"{server.IntrospectionEndpoint}\"",
            metadata,
            StringComparison.Ordinal
        );
        Assert.Contains("\"jwks_uri\":\"https://auth.example.com/tenant/jwks\"", tenants, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        await using TestApi api = await TestApi.StartAsync(tenant, options => options.RequireSignedResponse = true);
        using HttpResponseMessage accepted = await api.GetAsync("/read", tenant.IssueToken("read"));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }
}
