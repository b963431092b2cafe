using System.Reflection;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>Paths in the working tree.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The samples/Api that was built with these tests.</summary>
    public static string SampleApi { get; } = FindAssembly("SampleApi");

    /// <summary>The folder of this project, with package.json.</summary>
    public static string Interop { get; } = Path.Combine(Root, "tests", "IntrospectionAuth.Interop");

    /// <summary>Finds the assembly of a sample that was built with these tests.</summary>
    public static string FindAssembly(string sample) =>
        Path.Combine(
            Root,
            typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == sample).Value!
        );

    private static string FindRoot(string? directory)
    {
        while (directory is not null && !File.Exists(Path.Combine(directory, "IntrospectionAuth.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("These tests run from the working tree only.");
    }
}
