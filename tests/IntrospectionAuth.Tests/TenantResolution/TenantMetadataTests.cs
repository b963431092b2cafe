using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>The metadata of a resource is that of the tenant whose challenge names it.</summary>
public sealed class TenantMetadataTests
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    [Fact]
    public async Task A_client_finds_the_server_of_each_tenant_by_its_challenge()
    {
        await using TenantApi api = await StartAsync("/t/{tenant}", static tenant => $"https://api.example.com/t/{tenant}");

        foreach (string tenant in (string[])["acme", "beta"])
        {
            using HttpResponseMessage challenge = await api.Api.GetAsync($"/t/{tenant}", token: null);
            string path = $"{WellKnown}/t/{tenant}";
            Assert.Equal($"Bearer resource_metadata=\"https://api.example.com{path}\"", challenge.Challenges());

            JsonNode metadata = await ReadAsync(api, path);
            Assert.Equal($"https://api.example.com/t/{tenant}", (string?)metadata["resource"]);
            Assert.Equal(
                [$"https://login.{tenant}.example"],
                metadata["authorization_servers"]!.AsArray().Select(static it => (string?)it)
            );
        }
    }

    [Fact]
    public async Task The_host_selects_the_tenant()
    {
        await using TenantApi api = await StartAsync(
            "/{**path}",
            static tenant => $"https://{tenant}.example.com",
            OAuthIntrospectionTenantNames.FromSubdomain("example.com")
        );

        JsonNode metadata = await ReadAsync(api, $"https://beta.example.com{WellKnown}");

        Assert.Equal(
            ("https://beta.example.com", "https://login.beta.example"),
            ((string?)metadata["resource"], (string?)metadata["authorization_servers"]![0])
        );
    }

    [Fact]
    public async Task The_path_base_is_the_path_of_the_resource()
    {
        await using TenantApi api = await StartAsync(
            "/{**path}",
            static tenant => $"https://api.example.com/{tenant}",
            OAuthIntrospectionTenantNames.FromPathBase()
        );

        JsonNode metadata = await ReadAsync(api, $"{WellKnown}/beta");

        Assert.Equal("https://login.beta.example", (string?)metadata["authorization_servers"]![0]);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/t/acme", "/t/acme")]
    [InlineData("/.well-known/oauth-protected-resource", "")]
    [InlineData("/.well-known/oauth-protected-resource-of/t/acme", "/.well-known/oauth-protected-resource-of/t/acme")]
    [InlineData("/t/acme/public", "/t/acme/public")]
    public async Task A_resolver_finds_the_path_of_the_resource_in_each_request(string path, string expected)
    {
        var paths = new List<string?>();
        await using TenantApi api = await StartAsync(
            "/{**path}",
            static tenant => $"https://api.example.com/t/{tenant}",
            request =>
            {
                paths.Add(request.Path.Value);
                return new((string?)null);
            }
        );

        using HttpResponseMessage response = await api.Api.GetAsync(path, "a-token-4711");

        Assert.Contains(expected, paths);
    }

    [Fact]
    public async Task No_cache_keeps_the_metadata_of_a_tenant()
    {
        await using TenantApi api = await StartAsync(
            "/{**path}",
            static _ => "https://api.example.com",
            OAuthIntrospectionTenantNames.FromHeader("X-Workspace")
        );

        foreach (string tenant in (string[])["acme", "beta"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WellKnown) { Headers = { { "X-Workspace", tenant } } };
            using HttpResponseMessage response = await api.Api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            Assert.Contains($"https://login.{tenant}.example", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/t/unknown")]
    [InlineData("/t/gamma")] // whose resource is at another path
    [InlineData("/t/ACME")]
    [InlineData("")]
    public async Task There_is_no_metadata_for_anything_else(string path)
    {
        await using TenantApi api = await StartAsync(
            "/t/{tenant}",
            static tenant => $"https://api.example.com/t/{(tenant == "gamma" ? "acme" : tenant)}"
        );

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, WellKnown + path));
    }

    [Fact]
    public async Task A_request_without_a_tenant_gets_the_metadata_of_the_scheme()
    {
        await using TenantApi api = await StartAsync(
            "/{**path}",
            static _ => "https://api.example.com",
            OAuthIntrospectionTenantNames.FromTokenPrefix('_'),
            options =>
            {
                options.Resource = "https://api.example.com";
                options.ResourceMetadata.AuthorizationServers.Add("https://login.example.com");
            }
        );

        JsonNode metadata = await ReadAsync(api, WellKnown);

        Assert.Equal("https://login.example.com", (string?)metadata["authorization_servers"]![0]);
        Assert.Empty(api.Resolved);
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_resolved_is_503_and_costs_the_others_nothing()
    {
        await using TenantApi api = await StartAsync("/t/{tenant}", static tenant => $"https://api.example.com/t/{tenant}");
        Func<OAuthIntrospectionTenant, CancellationToken, ValueTask> configure = api.OnResolving!;
        api.OnResolving = (tenant, end) => tenant.Name == "acme" ? throw new IOException("no database") : configure(tenant, end);

        using HttpResponseMessage failed = await api.Api.GetAsync($"{WellKnown}/t/acme", token: null);
        JsonNode other = await ReadAsync(api, $"{WellKnown}/t/beta");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal(
            ("5", "no-store", ""),
            (
                failed.Headers.RetryAfter?.ToString(),
                failed.Headers.CacheControl?.ToString(),
                await failed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            )
        );
        Assert.Equal("https://api.example.com/t/beta", (string?)other["resource"]);
    }

    [Fact]
    public async Task A_scheme_without_tenants_is_served_while_tenants_cannot_be_resolved()
    {
        await using TenantApi api = await StartBesideOtherSchemeAsync(static _ => throw new IOException("no database"));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"{WellKnown}/other"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(api, $"{WellKnown}/t/acme"));
    }

    /// <summary>The tenant of another request, or this one's when it is known again, may have a scheme of the same resource.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_cache_keeps_the_metadata_of_a_scheme_without_tenants_beside_one_with_tenants(bool fails)
    {
        await using TenantApi api = await StartBesideOtherSchemeAsync(_ =>
            fails ? throw new IOException("no database") : new ValueTask<string?>((string?)null)
        );

        using HttpResponseMessage response = await api.Api.GetAsync($"{WellKnown}/other", token: null);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (response.StatusCode, response.Headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task No_cache_keeps_that_a_tenant_has_no_metadata()
    {
        await using TenantApi api = await StartAsync("/t/{tenant}", static tenant => $"https://api.example.com/t/{tenant}");

        using HttpResponseMessage response = await api.Api.GetAsync($"{WellKnown}/t/unknown", token: null);

        Assert.Equal((HttpStatusCode.NotFound, "no-store"), (response.StatusCode, response.Headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task Metadata_requests_for_invented_tenants_are_remembered_like_others()
    {
        await using TenantApi api = await StartAsync("/t/{tenant}", static tenant => $"https://api.example.com/t/{tenant}");

        for (int i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, $"{WellKnown}/t/invented"));
        Assert.Equal(401, await api.StatusAsync("invented", "a-token-4711"));

        Assert.Equal(["invented"], api.Resolved);
    }

    [Fact]
    public async Task Several_patterns_are_no_conflict()
    {
        await using TenantApi api = await StartAsync(
            "/t/{tenant}",
            static tenant => $"https://api.example.com/t/{tenant}",
            configure: static options => options.Resource = "https://api.example.com",
            endpoints: static app => app.MapProtectedResourceMetadata()
        );

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, WellKnown));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"{WellKnown}/t/acme"));
        Assert.DoesNotContain(
            api.Api.Log.Entries,
            static entry => entry.Text.Contains("ResourceMetadataConflict", StringComparison.Ordinal)
        );
    }

    private static Task<TenantApi> StartBesideOtherSchemeAsync(Func<OAuthIntrospectionTenantRequest, ValueTask<string?>> resolve) =>
        TenantApi.StartAsync(
            resolve: resolve,
            services: static services =>
                services
                    .AddAuthentication()
                    .AddOAuthIntrospection(
                        "Other",
                        static options =>
                        {
                            options.IntrospectionEndpoint = "https://login.example.com/introspect";
                            (options.ClientId, options.ClientSecret) = ("api", "a-secret-of-this-test");
                            options.Resource = "https://api.example.com/other";
                        }
                    ),
            endpoints: static app => app.MapProtectedResourceMetadata()
        );

    private static async Task<TenantApi> StartAsync(
        string pattern,
        Func<string, string> resource,
        Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>? resolve = null,
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<WebApplication>? endpoints = null
    )
    {
        TenantApi api = await TenantApi.StartAsync(
            configure,
            resolve: resolve,
            endpoints: app =>
            {
                app.MapProtectedResourceMetadata(pattern);
                endpoints?.Invoke(app);
            }
        );
        api.OnResolving = (tenant, _) =>
        {
            tenant.Options.Resource = resource(tenant.Name);
            tenant.Options.ResourceMetadata.AuthorizationServers.Clear();
            tenant.Options.ResourceMetadata.AuthorizationServers.Add($"https://login.{tenant.Name}.example");
            return default;
        };
        return api;
    }

    private static async Task<JsonNode> ReadAsync(TenantApi api, string url)
    {
        using HttpResponseMessage response = await api.Api.GetAsync(url, token: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<HttpStatusCode> StatusAsync(TenantApi api, string url)
    {
        using HttpResponseMessage response = await api.Api.GetAsync(url, token: null);
        return response.StatusCode;
    }
}
