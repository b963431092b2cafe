using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>Requests per second over sockets.</summary>
internal static class HttpTable
{
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Contender.None] = "No authentication",
        [Contender.Floor] = "Framework floor",
        [Contender.Reference] = "Reference",
        [Contender.Ours] = "This library",
    };

    public static string Write(FigureSet figures)
    {
        if (figures.Find($"http/{Contender.Floor}/requests") is not { } floor)
            return "wrk was not installed: nothing was measured over HTTP.\n";

        var table = new MarkdownTable("Contender", "Requests per second", "Share of the floor", "Share in each round", "Processor time of the server per request");
        foreach (string contender in HttpComparison.Contenders)
        {
            Figure requests = figures[$"http/{contender}/requests"];
            Figure share = requests.DividedBy(floor);
            table.Add(
                Names[contender], Units.Count(requests.Median), Units.Ratio(share.Median), string.Join(' ', share.Rounds.Select(Units.Ratio)),
                Units.Time(figures[$"http/{contender}/processor"].Median * 1_000));
        }

        return table.ToString();
    }
}
