using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Servers;

/// <summary>A test that needs an authorization server from Debian. It is skipped, with the reason, without the server.</summary>
public sealed class ServerFactAttribute : FactAttribute
{
    /// <summary>Initializes the attribute.</summary>
    /// <param name="packages">The packages of the server.</param>
    /// <param name="file">The file of the test.</param>
    /// <param name="line">The line of the test.</param>
    public ServerFactAttribute(string packages, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Requirement.FindMissing(packages);
}

/// <summary>As <see cref="ServerFactAttribute"/>, for a theory.</summary>
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    /// <inheritdoc cref="ServerFactAttribute(string, string, int)"/>
    public ServerTheoryAttribute(string packages, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Requirement.FindMissing(packages);
}

/// <summary>Whether a server can run on this machine.</summary>
internal static class Requirement
{
    /// <returns>What is missing and how to install it, or null.</returns>
    public static string? FindMissing(string packages) =>
        packages.Split(' ').All(IsInstalled) ? null : $"A package is missing: run 'build/test.sh servers', or install {packages}.";

    private static bool IsInstalled(string package) =>
        Directory.Exists("/var/lib/dpkg/info")
        && Directory
            .EnumerateFiles("/var/lib/dpkg/info", package + "*.list")
            .Any(it => IsOf(Path.GetFileNameWithoutExtension(it), package));

    // Packages for one architecture have it in the name of the list.
    private static bool IsOf(string name, string package) => name == package || name.StartsWith(package + ":", StringComparison.Ordinal);
}
