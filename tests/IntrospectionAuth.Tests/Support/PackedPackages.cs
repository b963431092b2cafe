using System.Diagnostics;
using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Support;

/// <summary>The packages of this project, packed once from what the test run has built.</summary>
internal static class PackedPackages
{
    private static readonly Lazy<Task<string>> s_folder = new(PackAsync);

    /// <summary>The folder that holds them, and nothing else.</summary>
    public static Task<string> FolderAsync => s_folder.Value;

    private static async Task<string> PackAsync()
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "package-tests");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);

        string configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["pack", "IntrospectionAuth.sln", "--no-build", "--configuration", configuration, "--output", folder]
        )
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        using Process pack = Process.Start(start)!;
        Task<string> errors = pack.StandardError.ReadToEndAsync();
        string log = await pack.StandardOutput.ReadToEndAsync() + await errors;
        await pack.WaitForExitAsync();

        Assert.True(pack.ExitCode == 0, log);
        return folder;
    }
}
