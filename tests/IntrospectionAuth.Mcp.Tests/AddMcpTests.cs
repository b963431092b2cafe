using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore.Authentication;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>The SDK's own authentication handler, AddMcp, beside this library's, registered in either order.</summary>
public sealed class AddMcpTests
{
    private const string Mcp = McpAuthenticationDefaults.AuthenticationScheme;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddMcp_challenges_without_a_token_and_serves_the_metadata(bool isFirst)
    {
        await using McpApi api = await StartAsync(isFirst);

        McpResponse response = await api.CallAsync(token: null, "list");
        Assert.Equal(401, response.Status);
        string metadata = $"{api.Client.BaseAddress}.well-known/oauth-protected-resource/mcp";
        Assert.Equal($"Bearer resource_metadata=\"{metadata}\"", response.Challenge);

        McpResponse document = await api.SendAsync(HttpMethod.Get, token: null, path: new Uri(metadata).PathAndQuery);
        Assert.Equal("https://auth.example.com", document.Message["authorization_servers"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_scope_of_the_tool_or_of_the_endpoint_is_named(bool isFirst)
    {
        await using McpApi api = await StartAsync(isFirst);

        McpResponse ofTool = await api.CallAsync(api.Issue("notes:read"), "add");
        Assert.Equal((403, Lacks("notes:read notes:write")), (ofTool.Status, ofTool.Challenge));

        McpResponse ofEndpoint = await api.CallAsync(api.Issue("other"), "list");
        Assert.Equal((403, Lacks("notes:read")), (ofEndpoint.Status, ofEndpoint.Challenge));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_is_not_active_is_401_and_an_outage_stays_503(bool isFirst)
    {
        await using McpApi api = await StartAsync(isFirst);
        string token = api.Issue("notes:read");

        Assert.Equal(401, (await api.CallAsync("unknown", "list")).Status);
        (await api.CallAsync(token, "list")).AssertRan("did list");

        api.Server.RespondWith(500);
        McpResponse outage = await api.CallAsync(token, "add");
        Assert.Equal((503, null), (outage.Status, outage.Challenge));
        Assert.NotNull(outage.RetryAfter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task As_the_default_scheme_that_forwards_to_none_the_start_says_what_to_change(bool isFirst)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(isFirst, static options => options.DefaultScheme = Mcp)
        );

        Assert.StartsWith("The scheme McpAuth (AddMcp) cannot authenticate requests to ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "AddMcp(options => options.ForwardAuthenticate = \"OAuthIntrospection\").",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task As_the_default_scheme_that_forwards_to_this_one_it_works(bool isFirst)
    {
        await using McpApi api = await StartAsync(
            isFirst,
            static options => options.DefaultScheme = Mcp,
            static options => options.ForwardAuthenticate = OAuthIntrospectionDefaults.AuthenticationScheme
        );

        (await api.CallAsync(api.Issue("notes:read"), "list")).AssertRan("did list");
        McpResponse lacking = await api.CallAsync(api.Issue("notes:read"), "add");
        Assert.Equal((403, Lacks("notes:read notes:write")), (lacking.Status, lacking.Challenge));
        string token = api.Issue("notes:read");
        api.Server.RespondWith(500);
        Assert.Equal(503, (await api.CallAsync(token, "list")).Status);
    }

    [Fact]
    public async Task A_scheme_that_the_application_has_forbid_stays()
    {
        await using McpApi api = await StartAsync(isFirst: true, configureMcp: static options => options.ForwardForbid = "Other");

        McpResponse response = await api.CallAsync(api.Issue("notes:read"), "add");

        Assert.Equal(418, response.Status);
    }

    private static string Lacks(string scopes) =>
        $"Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"{scopes}\"";

    private static Task<McpApi> StartAsync(
        bool isFirst,
        Action<AuthenticationOptions>? configure = null,
        Action<McpAuthenticationOptions>? configureMcp = null
    ) =>
        McpApi.StartAsync(
            new()
            {
                Authentication = services =>
                {
                    AuthenticationBuilder authentication = services.AddAuthentication(
                        configure
                            ?? (
                                static options =>
                                {
                                    options.DefaultAuthenticateScheme = OAuthIntrospectionDefaults.AuthenticationScheme;
                                    options.DefaultChallengeScheme = Mcp;
                                }
                            )
                    );
                    if (isFirst)
                        AddMcp(authentication, configureMcp);
                    authentication.AddOAuthIntrospection(static options =>
                    {
                        options.Audiences.Add(McpApi.Resource);
                        options.Cache.MaximumAge = TimeSpan.Zero;
                    });
                    if (!isFirst)
                        AddMcp(authentication, configureMcp);
                    authentication.AddScheme<TeapotOptions, TeapotHandler>("Other", configureOptions: null);
                },
                Endpoints = static app => app.MapMcp("/mcp").RequireAuthorization("scope:notes:read").RequireToolAuthorization(),
            }
        );

    private static void AddMcp(AuthenticationBuilder authentication, Action<McpAuthenticationOptions>? configure) =>
        authentication.AddMcp(options =>
        {
            options.ResourceMetadata = new() { AuthorizationServers = { "https://auth.example.com" }, ScopesSupported = ["notes:read"] };
            configure?.Invoke(options);
        });
}
