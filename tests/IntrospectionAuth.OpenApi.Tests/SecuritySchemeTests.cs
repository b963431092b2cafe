using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>How a document says that clients obtain and send tokens.</summary>
public sealed class SecuritySchemeTests
{
    private const string Endpoints = """
        "authorization_endpoint":"{0}/authorize","token_endpoint":"{0}/token"
        """;

    [Fact]
    public async Task The_flows_and_scopes_are_those_of_the_metadata_and_those_that_operations_demand()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(
            server,
            """
            "grant_types_supported":["authorization_code","client_credentials","refresh_token","implicit","password"],
            "scopes_supported":["openid","read"],"code_challenge_methods_supported":["plain","S256"]
            """
        );
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app =>
            {
                app.MapGet("/read", static () => "").RequireScope("read");
                app.MapGet("/write", static () => "").RequireScope("write");
            },
            options => options.Authority = server.Url
        );

        string text = await api.GetTextAsync();
        JsonNode scheme = JsonNode.Parse(text)!["components"]!["securitySchemes"]![DocumentedApi.Scheme]!;

        string flow = $$"""
            "tokenUrl": "{{server.Url}}/token", "scopes": { "openid": "", "read": "", "write": "" }
            """;
        string expected = $$"""
            {
              "clientCredentials": { {{flow}} },
              "authorizationCode": {
                "authorizationUrl": "{{server.Url}}/authorize", "refreshUrl": "{{server.Url}}/token", "x-usePkce": "SHA-256", {{flow}}
              }
            }
            """;
        Assert.Equal("oauth2", scheme["type"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), scheme["flows"]), scheme["flows"]!.ToJsonString());
        DocumentedApi.AssertValid(text);
    }

    [Theory]
    [InlineData("\"x\":1", "authorizationCode")] // RFC 8414, section 2: the default of grant_types_supported
    [InlineData("\"grant_types_supported\":[\"client_credentials\"]", "clientCredentials")]
    [InlineData("\"grant_types_supported\":[\"authorization_code\"]", "authorizationCode")]
    [InlineData("\"grant_types_supported\":[\"implicit\",\"password\"]", null)]
    [InlineData("\"grant_types_supported\":[]", null)]
    public async Task Only_flows_that_the_metadata_names_are_written(string members, string? flow)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server, members);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);

        JsonObject scheme = await api.GetSchemeAsync();

        Assert.Equal(flow, scheme["flows"]?.AsObject().Single().Key);
        AssertType(scheme, flow is null ? "http" : "oauth2", flow is null ? "bearer" : null);
    }

    [Theory]
    [InlineData("\"grant_types_supported\":\"authorization_code\"")]
    [InlineData("\"grant_types_supported\":[1,null,{},\"authorization_code\"]")]
    [InlineData("\"grant_types_supported\":null,\"scopes_supported\":{},\"code_challenge_methods_supported\":7")]
    [InlineData("\"grant_types_supported\":[\"\\ud800\",\"authorization_code\"]")]
    [InlineData("\"scopes_supported\":[\"read\",\"not a scope\",\"\\u0000\",\"\\\"\",[]]")]
    public async Task Odd_members_of_metadata_are_ignored_and_fail_nothing(string members)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server, members);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);

        string text = await api.GetTextAsync();
        JsonNode scheme = JsonNode.Parse(text)!["components"]!["securitySchemes"]![DocumentedApi.Scheme]!;

        Assert.Equal("""{"read":""}""", scheme["flows"]!["authorizationCode"]!["scopes"]!.ToJsonString());
        DocumentedApi.AssertValid(text);
        Assert.Equal(200, await api.GetStatusAsync("/read", "token"));
    }

    [Theory]
    [InlineData("\"authorization_endpoint\":\"\\ud800\"")]
    [InlineData("\"authorization_endpoint\":\"javascript:alert(1)\"")]
    [InlineData("\"authorization_endpoint\":\"/authorize\"")]
    [InlineData("\"authorization_endpoint\":[\"https://auth.example.com/authorize\"]")]
    [InlineData("\"authorization_endpoint\":\"https://user:pass@auth.example.com/authorize\"")]
    public async Task An_unacceptable_authorization_endpoint_is_not_written(string member)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, $$"""{{{Required(server)}},"token_endpoint":"{{server.Url}}/token",{{member}}}""");
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);

        AssertType(await api.GetSchemeAsync(), "http", "bearer");
        Assert.Equal(200, await api.GetStatusAsync("/read", "token"));
    }

    [Fact]
    public async Task Without_an_authority_the_scheme_is_http_bearer()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(static app =>
            app.MapGet("/", static () => "").RequireAuthorization()
        );

        AssertType(await api.GetSchemeAsync(), "http", "bearer");
    }

    [Fact]
    public async Task A_configured_endpoint_beside_an_authority_still_gives_the_flows()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server, "\"x\":1");
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(
            server.Url,
            options => options.IntrospectionEndpoint = server.Url + "/introspect"
        );

        AssertType(await api.GetSchemeAsync(), "oauth2", null);
    }

    [Fact]
    public async Task Tenants_that_are_resolved_per_request_have_http_bearer_and_no_metadata_is_fetched()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server, "\"x\":1");
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(
            server.Url,
            options =>
            {
                options.ResolveTenant = static _ => ValueTask.FromResult<string?>("one");
                options.ConfigureTenant = static (_, _) => ValueTask.FromResult(true);
            }
        );

        AssertType(await api.GetSchemeAsync(), "http", "bearer");
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task DPoP_is_an_http_scheme_of_its_own_where_it_is_required()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server, "\"x\":1");
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(
            server.Url,
            static options =>
            {
                options.RequireDPoP = true;
                options.DPoP.Algorithms.Add("ES256");
                options.DPoP.RequireNonce = true;
            }
        );

        string text = await api.GetTextAsync();
        JsonObject document = JsonNode.Parse(text)!.AsObject();
        JsonObject scheme = document["components"]!["securitySchemes"]![DocumentedApi.Scheme]!.AsObject();
        JsonNode operation = document["paths"]!["/read"]!["get"]!;

        AssertType(scheme, "http", "DPoP");
        Assert.Contains("signed with ES256.", scheme["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("DPoP-Nonce", scheme["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("""[{"OAuthIntrospection":["read"]}]""", operation["security"]!.ToJsonString());
        Assert.All(["200", "401"], status => Assert.NotNull(operation["responses"]![status]!["headers"]!["DPoP-Nonce"]));
        DocumentedApi.AssertValid(text);
    }

    [Fact]
    public async Task Offered_DPoP_is_described_in_words()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app => app.MapGet("/", static () => "").RequireAuthorization(),
            static options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.DPoP.Offer = true;
            }
        );

        JsonObject scheme = await api.GetSchemeAsync();

        AssertType(scheme, "http", "bearer");
        Assert.Contains("RFC 9449", scheme["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAPI_3_0_has_no_scopes_in_requirements_of_http_schemes()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app => app.MapGet("/", static () => "").RequireScope("read"),
            document: static options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0
        );

        string text = await api.GetTextAsync();
        JsonNode operation = JsonNode.Parse(text)!["paths"]!["/"]!["get"]!;

        Assert.Equal("""[{"OAuthIntrospection":[]}]""", operation["security"]!.ToJsonString());
        Assert.Equal("Requires the scope `read`.", operation["description"]!.GetValue<string>());
        DocumentedApi.AssertValid(text);
    }

    [Fact]
    public async Task Schemes_whose_names_differ_in_forbidden_characters_alone_stay_apart()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app =>
            {
                app.MapGet("/", static () => "")
                    .RequireAuthorization(static it => it.AddAuthenticationSchemes("a b", "a:b").RequireScope("x"));
            },
            services: static services =>
            {
                foreach (string name in (string[])["a b", "a:b"])
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(
                            name,
                            static options =>
                            {
                                options.IntrospectionEndpoint = "https://a.example.com/introspect";
                                options.ClientId = "api";
                                options.ClientSecret = "secret";
                            }
                        );
                }
            }
        );

        Assert.Equal("""[{"a_b":["x"]},{"a_b_2":["x"]}]""", (await api.GetOperationAsync("/"))["security"]!.ToJsonString());
    }

    private static void Publish(MetadataServer server, string members) =>
        server.PublishText(
            OpenId,
            $$"""
            {{{Required(server)}},{{Endpoints.Replace("{0}", server.Url, StringComparison.Ordinal)}},{{members}}}
            """
        );

    private static string Required(MetadataServer server) =>
        $"\"issuer\":\"{server.Url}\",\"introspection_endpoint\":\"{server.Url}/introspect\"";

    private static void AssertType(JsonObject scheme, string type, string? httpScheme) =>
        Assert.Equal((type, httpScheme), (scheme["type"]!.GetValue<string>(), scheme["scheme"]?.GetValue<string>()));
}
