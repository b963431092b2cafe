using System.Xml;
using System.Xml.Linq;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Reads the <c>UserSecretsId</c> of the project beside the settings, as <c>dotnet user-secrets</c> does.</summary>
internal static class UserSecretsIdReader
{
    /// <returns>The id; null when there is no project, several projects, or no id.</returns>
    public static string? Read(string? folder)
    {
        if (folder is null || Directory.GetFiles(folder, "*.*proj") is not [string project])
            return null;

        try
        {
            return XDocument
                .Load(project)
                .Descendants()
                .Where(static element => element.Name.LocalName == "UserSecretsId")
                .Select(static element => element.Value.Trim())
                .LastOrDefault();
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            return null; // no user secrets without a readable project
        }
    }
}
