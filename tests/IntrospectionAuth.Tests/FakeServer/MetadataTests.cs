using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>The fake server publishes metadata, so an application that is configured with its issuer discovers it.</summary>
public sealed class MetadataTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    [Theory]
    [InlineData("https://auth.example.com", null, "/.well-known/openid-configuration")]
    [InlineData("https://auth.example.com", null, "/.well-known/oauth-authorization-server")]
    [InlineData("https://auth.example.com/tenant", null, "/tenant/.well-known/openid-configuration")]
    [InlineData("https://auth.example.com/tenant", null, "/.well-known/oauth-authorization-server/tenant")]
    [InlineData("https://auth.example.com/tenant", null, "/.well-known/openid-configuration/tenant")]
    [InlineData("https://auth.example.com", "https://issuer.example.com/one/", "/.well-known/oauth-authorization-server/one")]
    public async Task The_metadata_is_at_its_well_known_URLs_and_does_not_count_as_a_call(string baseAddress, string? issuer, string path)
    {
        await using var server = FakeAuthorizationServer.Create(options =>
            (options.BaseAddress, options.Issuer) = (new Uri(baseAddress), issuer)
        );
        using var client = new HttpClient(server.CreateHandler());

        using HttpResponseMessage response = await client.GetAsync(new Uri(server.BaseAddress, path));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        JsonNode metadata = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(
            (issuer ?? baseAddress, server.IntrospectionEndpoint),
            (metadata["issuer"]!.GetValue<string>(), metadata["introspection_endpoint"]!.GetValue<string>())
        );
        Assert.Equal(0, server.CallCount);
    }

    [Theory]
    [InlineData(FakeAuthorizationServerProvider.Rfc7662, "GET", "/tenant/.well-known/openid-configuration")]
    [InlineData(FakeAuthorizationServerProvider.Rfc7662, "POST", "/.well-known/openid-configuration")]
    [InlineData(FakeAuthorizationServerProvider.Attio, "GET", "/.well-known/openid-configuration")] // its issuer is no URL
    public async Task Other_URLs_have_no_metadata(FakeAuthorizationServerProvider provider, string method, string path)
    {
        await using var server = FakeAuthorizationServer.Create(options => options.Provider = provider);
        using var client = new HttpClient(server.CreateHandler());
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.BaseAddress, path));

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.NotFound, 1), (response.StatusCode, server.CallCount));
    }

    [Fact]
    public async Task An_application_that_is_configured_with_the_issuer_discovers_the_endpoint()
    {
        await using var server = FakeAuthorizationServer.Create(options => options.BaseAddress = new Uri("https://login.example.com"));
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseSetting(Section + "Authority", "https://login.example.com")
                .ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );

        (HttpStatusCode accepted, HttpStatusCode refused) = await GetStatusesAsync(factory.CreateClient(), server);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (accepted, refused));
        Assert.Null(
            factory
                .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
                .Get(OAuthIntrospectionDefaults.AuthenticationScheme)
                .IntrospectionEndpoint
        );
    }

    [Fact]
    public async Task An_application_with_another_authority_still_calls_the_fake_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseSetting(Section + "Authority", "https://login.example.com")
                .ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/read")).StatusCode);
    }

    [Fact]
    public async Task A_listening_server_is_discovered_by_its_issuer()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseSetting(Section + "Authority", server.Issuer)
                .UseSetting(Section + "ClientId", server.ClientId)
                .UseSetting(Section + "ClientSecret", server.ClientSecret)
        );

        (HttpStatusCode accepted, HttpStatusCode refused) = await GetStatusesAsync(factory.CreateClient(), server);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (accepted, refused));
    }

    /// <summary>
    /// Calls the API with a token of the server, and with one of another issuer, which is rejected only by the discovered issuer.
    /// </summary>
    private static async Task<(HttpStatusCode Own, HttpStatusCode Foreign)> GetStatusesAsync(
        HttpClient client,
        FakeAuthorizationServer server
    )
    {
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken("read"));
        using HttpResponseMessage own = await client.GetAsync("/read");

        client.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            server.IssueToken(it => (it.Scopes, it.Issuer) = (["read"], "https://another.example.com"))
        );
        using HttpResponseMessage foreign = await client.GetAsync("/read");
        return (own.StatusCode, foreign.StatusCode);
    }
}
