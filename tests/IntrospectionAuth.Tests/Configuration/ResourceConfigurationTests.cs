using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>The resource and its metadata in configuration.</summary>
public sealed class ResourceConfigurationTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        OAuthIntrospectionOptions options = Read(
            ("Resource", "https://api.example.com/mcp"),
            ("ResourceMetadata:AuthorizationServers:0", "https://one.example.com/"),
            ("ResourceMetadata:AuthorizationServers:1", "https://two.example.com/tenant"),
            ("ResourceMetadata:ScopesSupported", "read write"),
            ("ResourceMetadata:CollectScopes", "true"),
            ("ResourceMetadata:ResourceName", "The API"),
            ("ResourceMetadata:ResourceDocumentation", "https://docs.example.com"),
            ("ResourceMetadata:Members:resource_tos_uri", "https://example.com/tos")
        );

        Assert.Equal("https://api.example.com/mcp", options.Resource);
        Assert.Equal(["https://one.example.com/", "https://two.example.com/tenant"], options.ResourceMetadata.AuthorizationServers);
        Assert.Equal(["read write"], options.ResourceMetadata.ScopesSupported);
        Assert.True(options.ResourceMetadata.CollectScopes);
        Assert.Equal("The API", options.ResourceMetadata.ResourceName);
        Assert.Equal("https://docs.example.com", options.ResourceMetadata.ResourceDocumentation);
        Assert.Equal("https://example.com/tos", options.ResourceMetadata.Members["resource_tos_uri"]);
    }

    [Theory]
    [InlineData("https://api.example.com")]
    [InlineData("https://api.example.com/")]
    [InlineData("https://api.example.com:8443/mcp/?tenant=1")]
    [InlineData("https://xn--bcher-kva.example.com/%C3%A9")]
    [InlineData("http://localhost:5000/mcp")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://[::1]:5000")]
    public void A_URL_without_a_fragment_is_a_resource(string resource) => Assert.Equal(resource, Read(("Resource", resource)).Resource);

    [Theory]
    [InlineData("", "is not an absolute https URL")]
    [InlineData("/mcp", "is not an absolute https URL")]
    [InlineData("api.example.com", "is not an absolute https URL")]
    [InlineData("urn:example:api", "is not an absolute https URL")]
    [InlineData("http://api.example.com", "is plain http")]
    [InlineData("http://127.0.0.1.example.com", "is plain http")]
    [InlineData("https://api.example.com/#mcp", "has user information or a fragment")]
    [InlineData("https://api.example.com/#", "has user information or a fragment")]
    [InlineData("https://user:secret@api.example.com", "has user information or a fragment")]
    [InlineData("https://bücher.example.com", "has characters that a URL cannot contain")]
    [InlineData("https://api.example.com/é", "has characters that a URL cannot contain")]
    [InlineData("https://api.example.com/a b", "has characters that a URL cannot contain")]
    [InlineData(" https://api.example.com", "has characters that a URL cannot contain")]
    [InlineData("https://api.example.com/a\"b", "has characters that a URL cannot contain")]
    [InlineData("https://api.example.com\\mcp", "has characters that a URL cannot contain")]
    [InlineData("https://api.example.com/\r\nX: y", "has characters that a URL cannot contain")]
    public void Any_other_resource_is_a_fault_at_startup(string value, string fault)
    {
        AssertFault($"Resource {fault}", ("Resource", value));
        AssertFault(
            $"ResourceMetadata.AuthorizationServers has a value that {fault}",
            ("Resource", "https://api.example.com"),
            ("ResourceMetadata:AuthorizationServers:0", value)
        );
    }

    [Theory]
    [InlineData(
        "AuthorizationServers:0",
        "https://auth.example.com?tenant=1",
        "ResourceMetadata.AuthorizationServers has a value that has a query"
    )]
    [InlineData("ScopesSupported:0", " ", "ResourceMetadata.ScopesSupported has an empty value")]
    [InlineData("ResourceDocumentation", "docs.example.com", "ResourceMetadata.ResourceDocumentation is not an absolute https URL")]
    [InlineData("Members:resource_tos_uri", "", "ResourceMetadata.Members has an empty value")]
    [InlineData("Members:resource", "https://other.example.com", "ResourceMetadata.Members has resource, which the metadata has anyway")]
    [InlineData("Members:scopes_supported", "read", "ResourceMetadata.Members has scopes_supported, which the metadata has anyway")]
    [InlineData("Name", "The API", "ResourceMetadata:Name is not a setting")]
    public void Invalid_metadata_is_a_fault_at_startup(string key, string value, string fault) =>
        AssertFault(fault, ("Resource", "https://api.example.com"), ("ResourceMetadata:" + key, value));

    [Theory]
    [InlineData("AuthorizationServers:0", "https://auth.example.com")]
    [InlineData("ScopesSupported:0", "read")]
    [InlineData("CollectScopes", "true")]
    [InlineData("ResourceName", "The API")]
    [InlineData("ResourceDocumentation", "https://docs.example.com")]
    [InlineData("Members:resource_tos_uri", "https://example.com/tos")]
    public void Metadata_without_a_resource_is_a_fault_at_startup(string key, string value) =>
        AssertFault("ResourceMetadata is set without Resource", ("ResourceMetadata:" + key, value));

    private static void AssertFault(string fault, params (string Key, string Value)[] settings)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(settings));

        string failure = Assert.Single(exception.Failures);
        Assert.Contains(fault, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", failure, StringComparison.Ordinal);
    }

    private static OAuthIntrospectionOptions Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(setting =>
                        KeyValuePair.Create("Authentication:Schemes:OAuthIntrospection:" + setting.Key, (string?)setting.Value)
                    )
                )
                .Build()
        );
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientSecret = "the client's secret";
            });
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider
            .GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
    }
}
