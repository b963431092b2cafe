namespace IntrospectionAuth.Certificates;

/// <summary>A file that an option names.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Setting">The name of the option.</param>
/// <param name="Content">The expected content, for messages: "key" or "certificate".</param>
internal sealed record WatchedPath(string Path, string Setting, string Content)
{
    public string Describe(string reason) => $"{Setting} does not lead to a usable {Content}: {reason}";
}
