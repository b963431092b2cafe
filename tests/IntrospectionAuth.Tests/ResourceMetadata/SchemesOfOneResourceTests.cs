using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.ResourceMetadata;

/// <summary>Several schemes may protect one resource. Its metadata must be true for a client of each of them.</summary>
public sealed class SchemesOfOneResourceTests : IAsyncDisposable
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public enum DPoP
    {
        No,
        Offered,
        Required,
    }

    public static TheoryData<string, Action<OAuthIntrospectionResourceMetadataOptions>> Settings =>
        new()
        {
            { "AuthorizationServers", static metadata => metadata.AuthorizationServers.Add("https://auth.example.com") },
            { "ScopesSupported", static metadata => metadata.ScopesSupported.Add("read") },
            { "CollectScopes", static metadata => metadata.CollectScopes = true },
            { "ResourceName", static metadata => metadata.ResourceName = "The API" },
            { "ResourceDocumentation", static metadata => metadata.ResourceDocumentation = "https://docs.example.com" },
            { "Members", static metadata => metadata.Members["resource_tos_uri"] = "https://example.com/tos" },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(DPoP.No, DPoP.No, false, null)]
    [InlineData(DPoP.Offered, DPoP.No, false, "ES256")]
    [InlineData(DPoP.No, DPoP.Required, false, "ES384")]
    [InlineData(DPoP.Offered, DPoP.Required, false, "ES256 ES384")]
    [InlineData(DPoP.Required, DPoP.Offered, false, "ES256 ES384")]
    [InlineData(DPoP.Required, DPoP.Required, true, "ES256 ES384")]
    public async Task DPoP_is_required_when_each_scheme_requires_it(DPoP a, DPoP b, bool isRequired, string? algorithms)
    {
        await using TestApi api = await StartAsync(options => Configure(options, a, "ES256"), options => Configure(options, b, "ES384"));

        JsonObject metadata = await ReadAsync(api, WellKnown);

        Assert.Equal(isRequired ? true : null, (bool?)metadata["dpop_bound_access_tokens_required"]);
        Assert.Equal(
            algorithms,
            metadata["dpop_signing_alg_values_supported"] is { } found
                ? string.Join(' ', found.AsArray().Select(static it => (string?)it))
                : null
        );

        static void Configure(OAuthIntrospectionOptions options, DPoP dpop, string algorithm)
        {
            options.Resource = "https://api.example.com";
            options.DPoP.Algorithms.Add(algorithm);
            options.DPoP.Offer = dpop == DPoP.Offered;
            options.RequireDPoP = dpop == DPoP.Required;
        }
    }

    [Theory]
    [InlineData("?tenant=1", "https://api.example.com/mcp?tenant=1")]
    [InlineData("?tenant=2", "https://api.example.com/mcp")]
    [InlineData("", "https://api.example.com/mcp")]
    public async Task The_query_of_a_request_selects_among_resources_that_share_a_path(string query, string resource)
    {
        await using TestApi api = await StartAsync(
            static a => a.Resource = "https://api.example.com/mcp",
            static b => b.Resource = "https://api.example.com/mcp?tenant=1"
        );

        JsonObject metadata = await ReadAsync(api, $"{WellKnown}/mcp{query}");

        Assert.Equal(resource, (string?)metadata["resource"]);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Metadata_without_a_resource_stops_the_application(
        string setting,
        Action<OAuthIntrospectionResourceMetadataOptions> configure
    )
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(options => configure(options.ResourceMetadata), static options => options.Resource = "https://api.example.com")
        );

        Assert.True(
            exception.Message.StartsWith("Scheme A: ResourceMetadata is set without Resource, which it needs.", StringComparison.Ordinal),
            $"{setting}: {exception.Message}"
        );
    }

    [Fact]
    public async Task The_endpoint_has_a_name_for_logs()
    {
        await using TestApi api = await StartAsync(static _ => { }, static _ => { });

        Assert.Contains(
            "Protected resource metadata",
            api.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(static endpoint => endpoint.DisplayName)
        );
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions> a, Action<OAuthIntrospectionOptions> b) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication("A").AddOAuthIntrospection("A", a).AddOAuthIntrospection("B", b),
                Schemes = ["A", "B"],
                Endpoints = static app => app.MapProtectedResourceMetadata(),
            }
        );

    private static async Task<JsonObject> ReadAsync(TestApi api, string path) =>
        JsonNode.Parse(await api.Client.GetStringAsync(path))!.AsObject();
}
