using System.Reflection;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>Where things lie in the working tree.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>samples/Api, as it was built together with these tests.</summary>
    public static string SampleApi { get; } =
        Path.Combine(
            Root,
            typeof(Repository)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(metadata => metadata.Key == "SampleApi")
                .Value!
        );

    /// <summary>This project, where package.json lies.</summary>
    public static string Interop { get; } = Path.Combine(Root, "tests", "IntrospectionAuth.Interop");

    private static string FindRoot(string? directory)
    {
        while (directory is not null && !File.Exists(Path.Combine(directory, "IntrospectionAuth.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("These tests run from the working tree only.");
    }
}
