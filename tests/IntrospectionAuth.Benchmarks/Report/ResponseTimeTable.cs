using System.Globalization;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Http;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of response times at a constant rate.</summary>
internal static class ResponseTimeTable
{
    public static string Write(FigureSet figures)
    {
        if (figures.Find($"response-time/{Contender.Floor}/maximum") is null)
            return "The load generator needs Linux; no response times were measured.\n";

        var table = new MarkdownTable(["At 70 % of the maximum", "Maximum", .. ResponseTimes.Quantiles.Select(Name)]);
        foreach (string contender in ResponseTimes.Contenders)
        {
            table.Add([
                Contender.Names[contender],
                Units.Count(figures[$"response-time/{contender}/maximum"].Median) + " / s",
                .. ResponseTimes.Quantiles.Select(quantile => Units.Time(figures[ResponseTimes.Key(contender, quantile)].Median)),
            ]);
        }

        return table.ToString();
    }

    private static string Name(double quantile) =>
        string.Create(CultureInfo.InvariantCulture, $"{quantile:0.#%}").Replace("%", " %", StringComparison.Ordinal);
}
