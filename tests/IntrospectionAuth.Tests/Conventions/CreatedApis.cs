using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Tool;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Projects that <c>dotnet new introspection-api</c> creates, from the packed template, with the packed libraries.</summary>
public sealed class CreatedApis : IAsyncLifetime
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("introspection-template-");
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["RunAnalyzers"] = "false",
    };

    /// <summary>The folder of the created projects.</summary>
    internal string Folder => _scratch.FullName;

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private string Hive => Path.Combine(Folder, "hive");

    /// <summary>Installs the template into a hive of its own.</summary>
    public async ValueTask InitializeAsync()
    {
        string packages = await PackedPackages.FolderAsync;
        _variables["RestoreAdditionalProjectSources"] = packages;
        _variables["NUGET_PACKAGES"] = Path.Combine(Folder, "cache");

        string template = Directory.GetFiles(packages, "IntrospectionAuth.Templates.*.nupkg").Single();
        await RunAsync("new", "install", template, "--debug:custom-hive", Hive);
    }

    public ValueTask DisposeAsync()
    {
        _scratch.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal Task CreateAsync(string name, params string[] arguments) =>
        RunAsync(["new", "introspection-api", "--debug:custom-hive", Hive, "--name", name, "--no-update-check", .. arguments]);

    /// <summary>The text of a file of the API, not of its tests.</summary>
    internal string Read(string name, string file) => File.ReadAllText(PathOf(name, file));

    /// <summary>Changes the settings of an API as its README says.</summary>
    internal void ReplaceInSettings(string name, string text, string replacement)
    {
        string settings = Read(name, "appsettings.json");
        Assert.Contains(text, settings, StringComparison.Ordinal);
        File.WriteAllText(PathOf(name, "appsettings.json"), settings.Replace(text, replacement, StringComparison.Ordinal));
    }

    /// <summary>Builds the APIs and their tests at the same time, and runs these tests.</summary>
    internal async Task<string> TestAsync(params string[] names)
    {
        IEnumerable<string> projects = names.Select(name => $"""<Project Path="{name}/{name}.Tests/{name}.Tests.csproj" />""");
        await File.WriteAllTextAsync(Path.Combine(Folder, "All.slnx"), $"<Solution>{string.Concat(projects)}</Solution>");
        return await RunAsync("test", "All.slnx");
    }

    /// <summary>Runs a built API with one more setting while it is called.</summary>
    internal async Task ServeAsync(string name, string setting, string value, Func<HttpClient, Task> callAsync)
    {
        Dictionary<string, string> variables = new(_variables, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Authentication__Schemes__OAuthIntrospection__" + setting] = value,
        };
        await using ToolProcess api = ToolProcess.Start(Dotnet, PathOf(name, ""), variables, PathOf(name, $"bin/Debug/net10.0/{name}.dll"));
        await api.WaitForAsync("Application started.");
        string url = api.Output.Split("Now listening on: ")[1].Split('\n')[0].Trim();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
        await callAsync(client);
    }

    private string PathOf(string name, string file) => Path.Combine(Folder, name, name, file);

    private async Task<string> RunAsync(params string[] arguments)
    {
        ToolResult result = await ToolProcess.RunAsync(Dotnet, Folder, _variables, arguments);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
        return result.Output;
    }
}
