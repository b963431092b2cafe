using System.Text;
using IntrospectionAuth.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Support;

/// <summary>Options of the default scheme as an application gets them from its configuration.</summary>
internal static class SchemeOptions
{
    private const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Section = $"Authentication:Schemes:{Scheme}:";

    /// <summary>What every configuration here has beside what a test is about.</summary>
    private static readonly KeyValuePair<string, string?>[] s_valid =
    [
        new(Section + "IntrospectionEndpoint", "https://auth.example.com/introspect"),
        new(Section + "ClientId", "api"),
        new(Section + "ClientSecret", "secret"),
    ];

    /// <summary>Reads and validates a section that a JSON file has.</summary>
    public static OAuthIntrospectionOptions FromJson(string section) => Read(builder => AddJson(builder, section));

    /// <summary>Reads and validates environment variables, given by their names after the scheme's.</summary>
    public static OAuthIntrospectionOptions FromEnvironment(params (string Name, string Value)[] variables) =>
        Read(builder => AddEnvironment(builder, variables));

    /// <summary>Reads and validates what several sources say.</summary>
    public static OAuthIntrospectionOptions Read(Action<IConfigurationBuilder> sources)
    {
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(s_valid);
        sources(builder);

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(builder.Build());
        services.AddAuthentication().AddOAuthIntrospection();
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(Scheme);
    }

    /// <summary>Reads what several sources say, without the rules about several options.</summary>
    public static OAuthIntrospectionOptions ReadWithoutValidation(Action<IConfigurationBuilder> sources)
    {
        var builder = new ConfigurationBuilder();
        sources(builder);

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(builder.Build());
        services.AddAuthentication();
        using ServiceProvider provider = services.BuildServiceProvider();
        var configuration = new ConfigureFromConfiguration(provider.GetRequiredService<IAuthenticationConfigurationProvider>());
        var options = new OAuthIntrospectionOptions();
        configuration.Configure(Scheme, options);
        return options;
    }

    public static void AddJson(IConfigurationBuilder builder, string section)
    {
        string json = $$"""{ "Authentication": { "Schemes": { "{{Scheme}}": {{section}} } } }""";
        builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
    }

    /// <summary>Adds variables of this process, under a unique prefix.</summary>
    public static void AddEnvironment(IConfigurationBuilder builder, params (string Name, string Value)[] variables)
    {
        string prefix = $"TEST{Guid.NewGuid():N}_";
        foreach ((string name, string value) in variables)
            Environment.SetEnvironmentVariable($"{prefix}{Section.Replace(":", "__", StringComparison.Ordinal)}{name}", value);
        builder.AddEnvironmentVariables(prefix);
    }
}
