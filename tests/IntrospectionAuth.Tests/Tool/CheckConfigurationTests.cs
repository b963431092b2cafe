using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>Settings that are missing or wrong are named, with the remedy.</summary>
public sealed class CheckConfigurationTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task Plain_http_to_another_machine_fails_the_configuration_step() =>
        AssertFault(
            await _check.RunAsync("--endpoint", "http://auth.example.com/introspect"),
            "configuration",
            "IntrospectionEndpoint is plain http, which exposes tokens and secrets to the network.",
            "Use https, or set RequireHttps to false where something else protects that network, a service mesh for example "
                + "(http on a loopback host is always accepted)."
        );

    [Fact]
    public async Task Plain_http_that_the_settings_allow_is_a_warning()
    {
        (_, JsonNode report) = await _check.RunAsync("--endpoint", "http://auth.example.invalid/introspect", "--set", "RequireHttps=false");

        JsonNode warning = Assert.Single(Steps(report), step => (string?)step["outcome"] == "warn");
        Assert.Equal("configuration", (string?)warning["step"]);
        Assert.StartsWith(
            "RequireHttps is false, and auth.example.invalid is called over plain http",
            (string?)warning["found"],
            StringComparison.Ordinal
        );
        Assert.Equal("Make sure that something else protects it, or use https.", (string?)warning["remedy"]);
    }

    [Fact]
    public async Task Settings_of_a_shared_cache_are_valid_without_its_engine()
    {
        await using FakeAuthorizationServer server = await ListenAsync();

        (int exitCode, _) = await _check.RunAsync("--settings", WriteSharedCache(server), "--endpoint", server.IntrospectionEndpoint);

        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task A_missing_setting_fails_the_configuration_step()
    {
        _check.Folder.WriteSettings("""{ "ClientId": "api", "ClientSecret": "the-secret-of-the-server" }""");

        JsonNode fault = AssertFault(await _check.Folder.CheckAsync(), "configuration", "IntrospectionEndpoint is not set.", remedy: null);
        Assert.StartsWith("Set it, or use a provider: ", (string?)fault["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_the_configuration_is_a_step_of_its_own()
    {
        _check.Folder.WriteSettings("""{ "Authority": "https://auth.example.com", "Audience": "api", "Timeout": "soon" }""");

        (int exitCode, JsonNode report) = await _check.Folder.CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(
            ["Timeout is not a time, in seconds (30) or as [d.]hh:mm:ss (00:00:30).", "Audience is not a setting."],
            Steps(report).Where(step => (string?)step["outcome"] == "fail").Select(step => (string)step["found"]!)
        );
        Assert.Equal(2, Steps(report).Length);
        Assert.StartsWith("Did you mean Audiences? ", (string?)Steps(report)[1]["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_of_another_name_is_named()
    {
        _check.Folder.WriteSettings("""{ "Authority": "https://auth.example.com" }""", scheme: "Bearer");

        AssertFault(
            await _check.Folder.CheckAsync(),
            "configuration",
            "There is no section Authentication:Schemes:OAuthIntrospection.",
            "Add it, or name the scheme: --scheme Bearer."
        );
    }

    [Fact]
    public async Task A_folder_without_settings_is_named()
    {
        AssertFault(
            await _check.Folder.CheckAsync(),
            "configuration",
            "There is no section Authentication:Schemes:OAuthIntrospection in this folder, which has no appsettings.json, "
                + "in user secrets or in the environment.",
            "Name the settings of your API with --settings, or give options: --authority (or --endpoint) and --client-id."
        );
    }

    private string WriteSharedCache(FakeAuthorizationServer server)
    {
        const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        _check.Folder.Secrets.Add(Secret);
        _check.Folder.WriteSettings(
            $$"""{ "Authority": "{{server.Issuer}}", "SharedCache": { "Redis": "localhost:6379", "Secrets": ["{{Secret}}"] } }"""
        );
        return "appsettings.json";
    }
}
