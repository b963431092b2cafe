namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The C# files below a folder, with their paths from it.</summary>
    public static IEnumerable<(string Path, string Text)> SourceFiles(string folder)
    {
        string start = Path.Combine(Root, folder);
        return Directory
            .EnumerateFiles(start, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(start, file).Replace('\\', '/'))
            .Where(path => !path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(start, path))));
    }

    private static string FindRoot()
    {
        // A deterministic build maps source paths away, so the search begins at the test's own assembly.
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IntrospectionAuth.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("IntrospectionAuth.sln is not above the tests.");
    }
}
