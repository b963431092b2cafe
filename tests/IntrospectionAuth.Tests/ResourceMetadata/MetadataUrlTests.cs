using IntrospectionAuth.ResourceMetadata;

namespace IntrospectionAuth.Tests.ResourceMetadata;

public sealed class MetadataUrlTests
{
    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/.well-known/oauth-protected-resource")]
    [InlineData("https://api.example.com/", "https://api.example.com/.well-known/oauth-protected-resource")]
    [InlineData("https://api.example.com/mcp", "https://api.example.com/.well-known/oauth-protected-resource/mcp")]
    [InlineData("https://api.example.com/mcp/", "https://api.example.com/.well-known/oauth-protected-resource/mcp/")]
    [InlineData("https://api.example.com/a/b", "https://api.example.com/.well-known/oauth-protected-resource/a/b")]
    [InlineData("https://api.example.com:8443/mcp", "https://api.example.com:8443/.well-known/oauth-protected-resource/mcp")]
    [InlineData("https://api.example.com:443/mcp", "https://api.example.com:443/.well-known/oauth-protected-resource/mcp")]
    [InlineData("https://api.example.com?k1=v1", "https://api.example.com/.well-known/oauth-protected-resource?k1=v1")]
    [InlineData("https://api.example.com/?k1=v1", "https://api.example.com/.well-known/oauth-protected-resource?k1=v1")]
    [InlineData("https://api.example.com/mcp?k1=v1", "https://api.example.com/.well-known/oauth-protected-resource/mcp?k1=v1")]
    [InlineData("https://API.example.com/%7Ea", "https://API.example.com/.well-known/oauth-protected-resource/%7Ea")]
    [InlineData("http://[::1]:5000/mcp", "http://[::1]:5000/.well-known/oauth-protected-resource/mcp")]
    public void The_well_known_path_is_inserted_between_host_and_path(string resource, string url) =>
        Assert.Equal(url, MetadataUrl.Of(resource));
}
