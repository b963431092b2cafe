namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>samples/Native as it was published: compiled ahead of time, or for the runtime of this machine.</summary>
/// <param name="Name">Its name in figures.</param>
/// <param name="Folder">The folder that it was published to.</param>
internal sealed record ApiProgram(string Name, string Folder)
{
    private string Binary => Path.Combine(Folder, "Native");

    private string Assembly => Path.Combine(Folder, "Native.dll");

    /// <summary>The program to start and its first arguments.</summary>
    public (string File, string[] Arguments) Command => File.Exists(Assembly) ? ("dotnet", [Assembly]) : (Binary, []);

    /// <summary>The bytes of what is deployed, without symbols.</summary>
    public long Size =>
        new DirectoryInfo(Folder)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(static file => file.Extension is not (".dbg" or ".pdb" or ".xml"))
            .Sum(static file => file.Length);

    /// <summary>The bytes of the shared framework that it needs on the machine.</summary>
    public long FrameworkSize =>
        File.Exists(Assembly)
            ? ((string[])[typeof(object).Assembly.Location, typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location])
                .Select(Path.GetDirectoryName)
                .SelectMany(static folder => new DirectoryInfo(folder!).EnumerateFiles())
                .Sum(static file => file.Length)
            : 0;
}
