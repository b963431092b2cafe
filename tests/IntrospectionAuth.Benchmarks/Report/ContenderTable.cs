using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of this library beside handlers of signed tokens.</summary>
internal static class ContenderTable
{
    private static readonly string[] s_contenders =
    [
        Contender.Ours,
        Contender.Reference,
        Contender.JwtEcdsa,
        Contender.JwtRsa,
        Contender.OpenIddict,
    ];

    public static string Write(FigureSet figures)
    {
        var table = new MarkdownTable(
            "Whole request, above the floor",
            "Without network: time",
            "memory",
            "Over HTTP: processor time of the server, above the floor"
        );
        Figure? floor = figures.Find($"http/{Contender.Floor}/processor");
        foreach (string contender in s_contenders)
        {
            table.Add(
                Contender.Names[contender],
                Units.Time(Above(figures, contender, "time")),
                Units.Bytes(Above(figures, contender, "memory")),
                floor is null ? "" : Units.Time((figures[$"http/{contender}/processor"].Median - floor.Median) * 1_000)
            );
        }

        return table.ToString();
    }

    private static double Above(FigureSet figures, string contender, string measure) =>
        figures[$"SignedTokenRequests/{contender}/{measure}"].Above(figures[$"SignedTokenRequests/{Contender.Floor}/{measure}"]).Median;
}
