using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntrospectionAuth.Benchmarks.Figures;

/// <summary>Saves figures as JSON, which can be loaded again, and as CSV for other tools.</summary>
internal static class FigureFiles
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static void Save(FigureSet figures, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".json"), ToJson(figures).ToJsonString(s_indented) + "\n");

        var csv = new StringBuilder("key,unit,median,lowest,highest,rounds\n");
        foreach (Figure figure in figures.All)
        {
            csv.AppendLine(
                CultureInfo.InvariantCulture,
                $"{figure.Key},{figure.Unit},{figure.Median},{figure.Lowest},{figure.Highest},"
                    + $"{string.Join(' ', figure.Rounds.Select(Text))}"
            );
        }

        File.WriteAllText(Path.Combine(folder, name + ".csv"), csv.ToString());
        Console.WriteLine($"Written: {Path.Combine(folder, name)}.json, .csv");
    }

    /// <returns>Null if the file does not exist.</returns>
    public static FigureSet? Load(string folder, string name)
    {
        string path = Path.Combine(folder, name + ".json");
        return File.Exists(path) ? FromJson(JsonNode.Parse(File.ReadAllText(path))!) : null;
    }

    private static JsonObject ToJson(FigureSet set)
    {
        var notes = new JsonObject();
        foreach ((string name, string value) in set.Notes)
            notes[name] = value;

        var figures = new JsonObject();
        foreach (Figure figure in set.All)
        {
            figures[figure.Key] = new JsonObject
            {
                ["unit"] = figure.Unit,
                ["median"] = figure.Median,
                ["rounds"] = new JsonArray([.. figure.Rounds.Select(value => JsonValue.Create(value))]),
            };
        }

        return new JsonObject { ["notes"] = notes, ["figures"] = figures };
    }

    private static FigureSet FromJson(JsonNode json)
    {
        var set = new FigureSet();
        foreach ((string name, JsonNode? value) in json["notes"]!.AsObject())
            set.Notes[name] = value!.GetValue<string>();
        foreach ((string key, JsonNode? figure) in json["figures"]!.AsObject())
        {
            set.Take(
                new Figure(
                    key,
                    figure!["unit"]!.GetValue<string>(),
                    [.. figure["rounds"]!.AsArray().Select(value => value!.GetValue<double>())]
                )
            );
        }

        return set;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
