using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;
using IntrospectionAuth.Benchmarks.Plots;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The plots of the budget.</summary>
internal sealed class MeasurePlots(FigureSet figures, string folder)
{
    public void Draw()
    {
        BarChart.Draw(
            Path.Combine(folder, "warm-hit.svg"),
            "A warm hit above the framework floor: time",
            Units.Time,
            [
                Above("40 characters", "TokenLength", "/40/time", BudgetTable.WarmHitTime),
                Above("800 characters", "TokenLength", "/800/time"),
                Above("random of 100,000 tokens", "CachedTokens", "/100000/time"),
                Above("every claim read", "ReadClaims", "/time"),
                Above("whole request", "Pipeline", "/time"),
            ]
        );
        BarChart.Draw(
            Path.Combine(folder, "memory.svg"),
            "Memory: allocated by a warm hit above the floor, and per cache entry",
            Units.Bytes,
            [
                Above("allocated by a warm hit", "TokenLength", "/40/memory", BudgetTable.WarmHitMemory),
                Above("with every claim read", "ReadClaims", "/memory"),
                new(
                    "per cache entry",
                    [Reference(figures["memory-per-token/reference"]), Ours(figures["memory-per-token/ours/15"])],
                    BudgetTable.TokenMemory
                ),
            ],
            unit: 1_024
        );
        LineChart.Draw(
            Path.Combine(folder, "growth.svg"),
            "A warm hit above the framework floor grows with …",
            Units.Time,
            [
                Growth("members of the response", "Members", GrowthTable.Members, isLogarithmic: false),
                Growth("characters of the token", "TokenLength", GrowthTable.Lengths, isLogarithmic: true),
                Growth("cached tokens, random order", "CachedTokens", GrowthTable.Tokens, isLogarithmic: true),
            ]
        );
        DrawHttp();
    }

    private void DrawHttp()
    {
        if (figures.Find($"http/{Contender.Floor}/requests") is not { } floor)
            return;

        BarChart.Draw(
            Path.Combine(folder, "http.svg"),
            "Requests per second over HTTP, as a share of the framework floor",
            Units.Ratio,
            [
                .. HttpComparison.Contenders.Select(contender => new BarGroup(
                    Contender.Names[contender],
                    [new Bar("", Style(contender), figures[$"http/{contender}/requests"].DividedBy(floor))],
                    contender == Contender.Ours ? BudgetTable.HttpShare : null
                )),
            ]
        );
    }

    private BarGroup Above(string label, string benchmark, string rest, double? limit = null)
    {
        Figure floor = figures[$"{benchmark}/{Contender.Floor}{rest}"];
        return new(
            label,
            [
                Reference(figures[$"{benchmark}/{Contender.Reference}{rest}"].Above(floor)),
                Ours(figures[$"{benchmark}/{Contender.Ours}{rest}"].Above(floor)),
            ],
            limit
        );
    }

    private Panel Growth(string title, string benchmark, IReadOnlyList<int> parameters, bool isLogarithmic) =>
        new(
            title,
            [.. parameters.Select(parameter => (double)parameter)],
            isLogarithmic,
            [
                .. ((string[])[Contender.Reference, Contender.Ours]).Select(contender => new Series(
                    Contender.Names[contender],
                    Style(contender),
                    [.. parameters.Select(parameter => GrowthTable.Above(figures, benchmark, contender, parameter, "time"))]
                )),
            ]
        );

    private static Bar Ours(Figure figure) => new(Contender.Names[Contender.Ours], Drawing.Ours, figure);

    private static Bar Reference(Figure figure) => new(Contender.Names[Contender.Reference], Drawing.Reference, figure);

    private static string Style(string contender) =>
        contender == Contender.Ours ? Drawing.Ours
        : contender == Contender.Reference ? Drawing.Reference
        : Drawing.Floor;
}
