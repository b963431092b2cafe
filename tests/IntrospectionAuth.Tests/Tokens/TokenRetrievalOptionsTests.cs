using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Configuration of the places from which tokens are read, and its validation.</summary>
public sealed class TokenRetrievalOptionsTests
{
    [Fact]
    public void Only_the_header_is_read_by_default() => Assert.True(Read().TokenRetrieval.IsHeaderOnly);

    [Fact]
    public void Places_can_be_set_in_configuration()
    {
        OAuthIntrospectionOptions options = Read(("FormBody", "true"), ("QueryPaths:0", "/hubs"), ("QueryPaths:1", "/events/live"));

        Assert.True(options.TokenRetrieval.FormBody);
        Assert.Equal(["/hubs", "/events/live"], options.TokenRetrieval.QueryPaths);
        Assert.False(options.TokenRetrieval.IsHeaderOnly);
    }

    [Theory]
    [InlineData("FormBody", "yes", "TokenRetrieval:FormBody is not true or false.")]
    [InlineData("Query", "/hubs", "TokenRetrieval:Query is not a setting. Did you mean TokenRetrieval:QueryPaths?")]
    [InlineData("QueryPaths", "", "TokenRetrieval:QueryPaths is empty.")]
    [InlineData("QueryPaths:0", "", "TokenRetrieval.QueryPaths has an empty value. Remove it, or write the value that is meant.")]
    [InlineData("QueryPaths", "hubs", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/hubs/", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/hubs/*", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/hubs/{id}", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/hubs?a", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "/hubs%2Fa", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("QueryPaths", "https://api.example.com/hubs", "TokenRetrieval.QueryPaths has a value that is not a path.")]
    public void Invalid_places_are_rejected_at_startup(string key, string value, string fault)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read((key, value)));

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    private static OAuthIntrospectionOptions Read(params (string Key, string Value)[] settings)
    {
        const string Section = "Authentication:Schemes:OAuthIntrospection";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings
                        .Select(it => KeyValuePair.Create($"{Section}:TokenRetrieval:{it.Key}", (string?)it.Value))
                        .Append(new($"{Section}:IntrospectionEndpoint", "https://auth.example.com/introspect"))
                        .Append(new($"{Section}:ClientId", "api"))
                        .Append(new($"{Section}:ClientSecret", "secret"))
                )
                .Build()
        );
        services.AddAuthentication().AddOAuthIntrospection();
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider
            .GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
    }
}
