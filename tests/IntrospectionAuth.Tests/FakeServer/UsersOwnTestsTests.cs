using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>The way in which users test their own APIs, with samples/Api as an example.</summary>
public sealed class UsersOwnTestsTests
{
    [Fact]
    public async Task Three_lines_put_an_api_in_front_of_the_fake_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/read")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/write")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/admin")).StatusCode);
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task The_sample_shows_its_claims_in_the_order_of_the_response()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "recorded");
        server.RespondWith(200, """{"sub":"user-1","active":true,"iss":"https://auth.example.com","n":1,"scope":"read admin"}""");

        string body = await client.GetStringAsync("/me");

        Assert.Equal(
            """{"claims":["""
                + """{"type":"sub","value":"user-1","valueType":"http://www.w3.org/2001/XMLSchema#string","issuer":"https://auth.example.com"},"""
                + """{"type":"iss","value":"https://auth.example.com","valueType":"http://www.w3.org/2001/XMLSchema#string","issuer":"https://auth.example.com"},"""
                + """{"type":"n","value":"1","valueType":"http://www.w3.org/2001/XMLSchema#integer64","issuer":"https://auth.example.com"},"""
                + """{"type":"scope","value":"read","valueType":"http://www.w3.org/2001/XMLSchema#string","issuer":"https://auth.example.com"},"""
                + """{"type":"scope","value":"admin","valueType":"http://www.w3.org/2001/XMLSchema#string","issuer":"https://auth.example.com"}]}""",
            body
        );
    }

    [Fact]
    public async Task The_sample_shows_a_workspace_to_its_own_tokens()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken(it => it.WorkspaceId = "w1"));

        using HttpResponseMessage own = await client.GetAsync("/workspaces/w1");
        using HttpResponseMessage other = await client.GetAsync("/workspaces/w2");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (own.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task The_sample_requires_recent_authentication_for_transfers()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(time).UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();

        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken("read"));
        using HttpResponseMessage refused = await client.GetAsync("/transfer");
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            server.IssueToken(it => it.Members["auth_time"] = time.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds())
        );
        using HttpResponseMessage accepted = await client.GetAsync("/transfer");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("max_age=\"300\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }
}
