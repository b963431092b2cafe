using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>User secrets and environment variables, which belong to a process and its user.</summary>
public sealed class SettingsSourceTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Development", "appsettings.json, user secrets, environment variables", 0)]
    [InlineData("development", "appsettings.json, user secrets, environment variables", 0)]
    [InlineData("Production", "appsettings.json, environment variables", 1)]
    public async Task User_secrets_count_in_Development_and_environment_variables_everywhere(
        string environment,
        string sources,
        int exitCode
    )
    {
        await using var server = await FakeAuthorizationServer.ListenAsync();
        _folder.WriteSettings($$"""{ "Authority": "{{server.Issuer}}" }""");
        _folder.Write("MyApi.csproj", "<Project><PropertyGroup><UserSecretsId>my-api</UserSecretsId></PropertyGroup></Project>");
        string secrets = Path.Combine(_folder.Path, "Microsoft", "UserSecrets", "my-api");
        Directory.CreateDirectory(secrets);
        await File.WriteAllTextAsync(
            Path.Combine(secrets, "secrets.json"),
            $$"""{ "Authentication:Schemes:OAuthIntrospection:ClientSecret": "{{server.ClientSecret}}" }"""
        );
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["APPDATA"] = _folder.Path, // the parent of user secrets on every system, where it is set
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            ["Authentication__Schemes__OAuthIntrospection__ClientId"] = server.ClientId,
        };

        ToolResult result = await ToolAssembly.RunAsync(_folder.Path, variables, "check", "--json");
        JsonNode report = JsonNode.Parse(result.Output)!;

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(environment, (string?)report["environment"]);
        Assert.Equal(sources, string.Join(", ", report["sources"]!.AsArray().Select(source => (string)source!)));
        Assert.DoesNotContain(server.ClientSecret, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Staging", "Production", null, "Staging")]
    [InlineData(null, "Production", null, "Production")]
    [InlineData("Staging", "Production", "Test", "Test")]
    [InlineData(null, null, null, "Development")]
    public async Task The_environment_is_that_of_a_WebApplication(string? dotnet, string? aspnetcore, string? option, string expected)
    {
        _folder.WriteSettings("""{ "Authority": "http://127.0.0.1:9" }""");
        if (dotnet is not null)
            _folder.Variables["DOTNET_ENVIRONMENT"] = dotnet;
        if (aspnetcore is not null)
            _folder.Variables["ASPNETCORE_ENVIRONMENT"] = aspnetcore;

        (_, JsonNode report) = await _folder.CheckAsync(option is null ? [] : ["--environment", option]);

        Assert.Equal(expected, (string?)report["environment"]);
    }

    [Theory]
    [InlineData("", "MyApi")]
    [InlineData("<AssemblyName>Contoso.Api</AssemblyName>", "Contoso.Api")]
    public async Task The_settings_of_the_application_name_are_read_after_appsettings(string property, string application)
    {
        await using var server = await FakeAuthorizationServer.ListenAsync();
        _folder.Write("MyApi.csproj", $"<Project><PropertyGroup>{property}</PropertyGroup></Project>");
        _folder.WriteSettings($$"""{ "Authority": "{{server.Issuer}}", "ClientId": "other", "ClientSecret": "other" }""");
        _folder.WriteSettings($$"""{ "ClientId": "{{server.ClientId}}" }""", $"{application}.settings.json");
        _folder.WriteSettings($$"""{ "ClientSecret": "{{server.ClientSecret}}" }""", $"{application}.settings.Staging.json");

        (int exitCode, JsonNode report) = await _folder.CheckAsync("--environment", "Staging");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["appsettings.json", $"{application}.settings.json", $"{application}.settings.Staging.json"],
            report["sources"]!.AsArray().Select(source => (string)source!)
        );
    }
}
