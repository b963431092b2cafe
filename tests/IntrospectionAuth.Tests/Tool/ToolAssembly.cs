using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>The tool as a process, for what a process has of its own: variables, folders, trusted roots.</summary>
internal static class ToolAssembly
{
    public static Task<ToolResult> RunAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] args) =>
        ToolProcess.RunAsync(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, variables, [FindPath(), .. args]);

    /// <summary>Uses the configuration of the tests: …/tests/IntrospectionAuth.Tests/bin/Release/net10.0.</summary>
    private static string FindPath()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(Repository.Root, "src/IntrospectionAuth.Tool/bin", output.Parent!.Name, output.Name);
        return Path.Combine(folder, "IntrospectionAuth.Tool.dll");
    }
}
