using System.Xml;
using System.Xml.Linq;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Reads the project beside the settings, as <c>dotnet user-secrets</c> does.</summary>
internal static class ProjectReader
{
    /// <returns>The <c>UserSecretsId</c>; null when there is no project, several projects, or no id.</returns>
    public static string? FindUserSecretsId(string? folder) =>
        FindProject(folder) is { } project ? ReadProperty(project, "UserSecretsId") : null;

    /// <returns>The name of the application, which is that of its assembly; null when there is no project, or several projects.</returns>
    public static string? FindApplicationName(string folder) =>
        FindProject(folder) is { } project ? ReadProperty(project, "AssemblyName") ?? Path.GetFileNameWithoutExtension(project) : null;

    private static string? FindProject(string? folder)
    {
        try
        {
            return folder is not null && Directory.GetFiles(folder, "*.*proj") is [string project] ? project : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // a folder that cannot be listed
        }
    }

    private static string? ReadProperty(string project, string name)
    {
        try
        {
            return XDocument
                .Load(project)
                .Descendants()
                .Where(element => element.Name.LocalName == name)
                .Select(static element => element.Value.Trim())
                .LastOrDefault();
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            return null; // nothing is known of a project that cannot be read
        }
    }
}
