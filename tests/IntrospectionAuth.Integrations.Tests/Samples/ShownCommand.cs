namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>How a page starts a sample: the variables that it sets, and <c>dotnet run</c>.</summary>
/// <param name="Variables">The environment variables, by name.</param>
/// <param name="Arguments">The words after <c>dotnet</c>.</param>
internal sealed record ShownCommand(Dictionary<string, string> Variables, string[] Arguments)
{
    private const string Export = "export ";
    private const string Run = "dotnet run --project samples/";

    /// <param name="page">The path of the page.</param>
    /// <param name="sample">The folder below samples.</param>
    public static ShownCommand Read(string page, string sample)
    {
        string[] lines = File.ReadAllLines(Path.Combine(SampleProcess.Repository, page));
        int run = Array.IndexOf(lines, Run + sample);
        Assert.True(run >= 0, $"{page} does not show {Run}{sample}");

        return new ShownCommand(
            lines[..run]
                .Reverse()
                .TakeWhile(line => line.StartsWith(Export, StringComparison.Ordinal))
                .Select(line => line[Export.Length..].Split('=', 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal),
            lines[run].Split(' ')[1..]
        );
    }
}
