using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary><c>check --tenant</c>: the settings of one tenant, as an application applies them.</summary>
public sealed class CheckTenantTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task The_settings_of_a_tenant_are_added_to_those_of_the_scheme()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        Write(server);

        (int exitCode, JsonNode report) = await _check.Folder.CheckAsync("--tenant", "acme");

        Assert.True(exitCode == 0, report.ToJsonString());
        Assert.Contains(Steps(report), static step => (string?)step["step"] == "introspection" && (string?)step["outcome"] == "ok");
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task A_fault_of_one_tenant_is_not_one_of_another()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        Write(server);

        (int exitCode, JsonNode report) = await _check.Folder.CheckAsync("--tenant", "beta");

        Assert.Equal(1, exitCode);
        Assert.Contains("no-such-host.invalid", report.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new string[0], "The scheme has tenants: acme, beta. Add --tenant NAME.")]
    [InlineData(new[] { "--tenant", "ACME" }, "There is no tenant ACME")]
    public async Task A_tenant_must_be_named_as_it_is_written(string[] arguments, string message)
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        Write(server);

        ToolResult result = await ToolAssembly.RunAsync(
            _check.Folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["check", .. arguments]
        );

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_must_not_have_the_endpoint_of_its_scheme_for_another_Authority()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _check.Folder.WriteSettings(
            $$"""
            {
              "IntrospectionEndpoint": "{{server.IntrospectionEndpoint}}",
              "ClientId": "{{server.ClientId}}",
              "ClientSecret": "{{server.ClientSecret}}",
              "Tenants": { "acme": { "Authority": "https://login.acme.example" } }
            }
            """
        );

        ToolResult result = await ToolAssembly.RunAsync(
            _check.Folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["check", "--tenant", "acme"]
        );

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Tenant acme: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Set IntrospectionEndpoint of the tenant too", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.CallCount);
    }

    private void Write(FakeAuthorizationServer server) =>
        _check.Folder.WriteSettings(
            $$"""
            {
              "ClientId": "{{server.ClientId}}",
              "Timeout": 60,
              "Tenants": {
                "acme": { "IntrospectionEndpoint": "{{server.IntrospectionEndpoint}}", "ClientSecret": "{{server.ClientSecret}}" },
                "beta": { "IntrospectionEndpoint": "https://no-such-host.invalid/introspect", "ClientSecret": "the-secret-of-the-server" }
              }
            }
            """
        );
}
