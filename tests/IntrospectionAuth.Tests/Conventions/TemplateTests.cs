using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Tool;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary><c>dotnet new introspection-api</c> as a user has it: from the packed template, with the packed libraries.</summary>
public sealed class TemplateTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("introspection-template-");
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Authentication__Schemes__OAuthIntrospection__ClientSecret"] = "a secret",
    };

    private string Api => Path.Combine(_scratch.FullName, "Notes", "Notes");

    private string TestProject => Path.Combine(_scratch.FullName, "Notes", "Notes.Tests");

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task A_created_API_passes_its_tests_and_serves()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync(static it => it.ClientSecret = "a secret");
        await CreateAsync("Notes", "--authority", server.Issuer);

        await RunAsync("test", TestProject);
        await using ToolProcess api = ToolProcess.Start(Dotnet, Api, _variables, Path.Combine(Api, "bin", "Debug", "net10.0", "Notes.dll"));
        await api.WaitForAsync("Application started.");
        string url = api.Output.Split("Now listening on: ")[1].Split('\n')[0].Trim();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, "/notes"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/notes", server.IssueToken("read")));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(client, "/notes", server.IssueToken("other")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/health"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/_introspection"));
        Assert.Contains("\"/notes\"", await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attio", "\"Provider\": \"Attio\"")]
    [InlineData("workos", "\"Provider\": \"WorkOS\"")]
    [InlineData("vmware", "\"Provider\": \"VMwareCloud\"")]
    public async Task A_provider_is_set_in_appsettings_and_tests_can_be_left_out(string provider, string setting)
    {
        await CreateAsync("Notes", "--provider", provider, "--tests", "false");

        string settings = await File.ReadAllTextAsync(Path.Combine(Api, "appsettings.json"));
        Assert.Contains(setting, settings, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", settings, StringComparison.Ordinal);
        Assert.False(Directory.Exists(TestProject));
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Installs the template into a hive of its own, and creates a project that finds the packed libraries.</summary>
    private async Task CreateAsync(string name, params string[] arguments)
    {
        string packages = await PackedPackages.FolderAsync;
        string template = Directory.GetFiles(packages, "IntrospectionAuth.Templates.*.nupkg").Single();
        string hive = Path.Combine(_scratch.FullName, "hive");
        _variables["RestoreAdditionalProjectSources"] = packages;
        _variables["NUGET_PACKAGES"] = Path.Combine(_scratch.FullName, "cache");

        await RunAsync("new", "install", template, "--debug:custom-hive", hive);
        await RunAsync(["new", "introspection-api", "--debug:custom-hive", hive, "--name", name, "--no-update-check", .. arguments]);
    }

    private async Task RunAsync(params string[] arguments)
    {
        ToolResult result = await ToolProcess.RunAsync(Dotnet, _scratch.FullName, _variables, arguments);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
