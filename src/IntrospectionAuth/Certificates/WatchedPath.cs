namespace IntrospectionAuth.Certificates;

/// <summary>A file that an option names.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Setting">The option that names it.</param>
/// <param name="Content">What the file should hold, as a word for messages.</param>
internal sealed record WatchedPath(string Path, string Setting, string Content)
{
    /// <summary>Says what is wrong with the file.</summary>
    public string Describe(string reason) => $"{Setting} does not lead to a usable {Content}: {reason}";
}
