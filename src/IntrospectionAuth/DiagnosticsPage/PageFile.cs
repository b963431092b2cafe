using System.Text;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>The files of the page, which are embedded in the assembly.</summary>
internal static class PageFile
{
    public static string Read(string name)
    {
        using Stream stream =
            typeof(PageFile).Assembly.GetManifestResourceStream($"IntrospectionAuth.DiagnosticsPage.{name}")
            ?? throw new InvalidOperationException($"The assembly has no file {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
