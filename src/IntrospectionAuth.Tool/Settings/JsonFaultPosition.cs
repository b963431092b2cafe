using System.Globalization;
using System.Text.Json;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Where a JSON file is not valid. The parser's own message may quote the file, so it is not shown.</summary>
internal static class JsonFaultPosition
{
    /// <returns>The end of a sentence; empty when the position is unknown.</returns>
    public static string Describe(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is JsonException { LineNumber: { } line })
                return string.Create(CultureInfo.InvariantCulture, $" at line {line + 1}");
        }

        return "";
    }
}
