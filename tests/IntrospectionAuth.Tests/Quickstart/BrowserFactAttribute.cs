using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>A test that uses a page in Chromium. It is skipped if Chromium is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] s_commands = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (ExecutablePath is null)
            Skip = $"No browser: none of {string.Join(", ", s_commands)} is on the PATH. On Debian: apt-get install chromium.";
    }

    /// <summary>The path of Chromium.</summary>
    public static string? ExecutablePath { get; } =
        (
            from command in s_commands // the first is smaller and faster
            from directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            )
            let path = Path.Combine(directory, OperatingSystem.IsWindows() ? command + ".exe" : command)
            where File.Exists(path)
            select path
        ).FirstOrDefault();
}
