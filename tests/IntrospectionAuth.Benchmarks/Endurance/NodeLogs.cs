using System.Globalization;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The errors in the logs of the nodes. Each must have its cause in a fault of that time.</summary>
internal static partial class NodeLogs
{
    /// <returns>The number of errors, and those without a cause.</returns>
    public static (int Errors, string[] Unexplained) Read(string folder, Surroundings surroundings, DateTimeOffset start)
    {
        (string File, string Line, Match Error)[] errors =
        [
            .. Directory
                .GetFiles(folder, "node-*.log")
                .SelectMany(static file => File.ReadLines(file).Select(line => (Path.GetFileName(file), line, ErrorLine().Match(line))))
                .Where(static error => error.Item3.Success),
        ];
        return (
            errors.Length,
            [
                .. errors
                    .Where(error => !IsExplained(NodeOf(error.File), error.Error, surroundings, start))
                    .Select(static error => $"{error.File}: {error.Line}"),
            ]
        );
    }

    private static bool IsExplained(int node, Match error, Surroundings surroundings, DateTimeOffset start)
    {
        TimeSpan time = TimeSpan.Parse(error.Groups["time"].Value, CultureInfo.InvariantCulture);
        DateTimeOffset at = new(start.UtcDateTime.Date + time, TimeSpan.Zero);
        if (at < start - TimeSpan.FromMinutes(1))
            at += TimeSpan.FromDays(1);

        DateTimeOffset until = at + TimeSpan.FromMilliseconds(1); // the log has whole milliseconds
        string text = error.Groups["text"].Value;
        if (!text.StartsWith("IntrospectionAuth", StringComparison.Ordinal))
            return false;
        if (surroundings.MayBeLate(node, at, until))
            return true;
        if (text.Contains("shared cache", StringComparison.Ordinal))
            return surroundings.Engine.Excuse(at, until);
        if (
            text.Contains("configuration is invalid", StringComparison.Ordinal)
            || text.Contains("the settings of", StringComparison.Ordinal)
        )
        {
            return surroundings.InvalidSettings.Excuse(at, until);
        }

        Match tenant = TenantOf().Match(text);
        TenantServer server = surroundings.Servers[tenant.Success ? tenant.Groups["name"].Value : TenantNames.Pushing];
        return server.Faults.Excuse(at, until) || server.Rotations.Excuse(at, until);
    }

    private static int NodeOf(string file) => file["node-".Length] - '0';

    [GeneratedRegex(@"^(?<time>[\d:.]+) (Error|Critical) (?<text>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"\(Tenant (?<name>\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TenantOf();
}
