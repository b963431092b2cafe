using System.Globalization;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>The package as a user has it: packed, installed from the file, and run.</summary>
public sealed class PackedToolTests : IDisposable
{
    private const string Program = "dotnet-introspection";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("introspection-package-");
    private readonly Dictionary<string, string> _variables;
    private readonly string _dotnet;

    public PackedToolTests()
    {
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        _dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _variables = new(StringComparer.Ordinal)
        {
            ["DOTNET_ROOT"] = root,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["NUGET_PACKAGES"] = Path.Combine(_scratch.FullName, "cache"),
            ["XDG_DATA_HOME"] = Path.Combine(_scratch.FullName, "data"),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
        };
    }

    private string Tools => Path.Combine(_scratch.FullName, "tools");

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task The_installed_tool_serves_issues_checks_and_revokes()
    {
        await InstallAsync();

        ToolResult help = await RunAsync("--help");
        await using ToolProcess serve = ToolProcess.Start(
            Path.Combine(Tools, Program),
            _scratch.FullName,
            _variables,
            "serve",
            "--port",
            "0"
        );
        await serve.WaitForAsync("Requests to this server:");
        string output = serve.Output;
        string url = output.Split("listens on ")[1].Split(". ")[0];
        await File.WriteAllTextAsync(
            Path.Combine(_scratch.FullName, "appsettings.json"),
            output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)]
        );

        ToolResult token = await RunAsync("token", "--url", url, "--scope", "read");
        ToolResult check = await RunAsync("check");
        _variables["Authentication__Schemes__OAuthIntrospection__ClientSecret"] = "wrong";
        ToolResult wrong = await RunAsync("check");
        _variables["INTROSPECTION_TOKEN"] = token.Output.Trim();
        ToolResult revoked = await RunAsync("revoke", "--url", url);

        Assert.Contains("  check", help.Output, StringComparison.Ordinal);
        Assert.Equal((0, 40), (token.ExitCode, token.Output.Trim().Length));
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
        Assert.Contains("Everything works.", check.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Settings     appsettings.json, environment variables", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(0, revoked.ExitCode);

        if (!OperatingSystem.IsWindows())
            await AssertEndsBySignalAsync(serve);
    }

    /// <remarks>
    /// Ctrl+C sends SIGINT, which ends it in the same way. But a process that a shell starts in the background ignores SIGINT.
    /// </remarks>
    private static async Task AssertEndsBySignalAsync(ToolProcess serve)
    {
        string id = serve.Id.ToString(CultureInfo.InvariantCulture);
        await ToolProcess.RunAsync("kill", Path.GetTempPath(), new Dictionary<string, string>(StringComparer.Ordinal), "-TERM", id);
        ToolResult ended = await serve.WaitForExitAsync();

        Assert.Equal(0, ended.ExitCode);
        Assert.EndsWith("Stopped. Its tokens are gone.", ended.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private async Task InstallAsync()
    {
        // No other source: the package must contain everything that it needs.
        string packages = await PackedPackages.FolderAsync;
        string config = Path.Combine(_scratch.FullName, "nuget.config");
        await File.WriteAllTextAsync(
            config,
            $"""<configuration><packageSources><clear /><add key="packed" value="{packages}" /></packageSources></configuration>"""
        );
        await AssertSucceedsAsync("tool", "install", "IntrospectionAuth.Tool", "--tool-path", Tools, "--configfile", config);
    }

    private async Task AssertSucceedsAsync(params string[] args)
    {
        ToolResult result = await ToolProcess.RunAsync(_dotnet, _scratch.FullName, _variables, args);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private Task<ToolResult> RunAsync(params string[] args) =>
        ToolProcess.RunAsync(Path.Combine(Tools, Program), _scratch.FullName, _variables, args);
}
