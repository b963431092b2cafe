using System.Text.Json;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Writes the steps of a check as JSON. The schema is in <c>docs/tool.md</c>.</summary>
internal static class JsonReport
{
    public static string Write(SchemeSettings settings, IReadOnlyList<Step> steps) =>
        JsonText.Write(writer =>
        {
            settings.WriteTo(writer);
            writer.WriteString("outcome", VerdictName.Of(Worst(steps)));
            writer.WriteObjects("steps", steps, WriteStep);
        });

    private static Verdict Worst(IReadOnlyList<Step> steps) =>
        steps.Any(static step => step.Verdict == Verdict.Fail) ? Verdict.Fail
        : steps.Any(static step => step.Verdict == Verdict.Warn) ? Verdict.Warn
        : Verdict.Ok;

    private static void WriteStep(Utf8JsonWriter writer, Step step)
    {
        writer.WriteString("step", step.Name);
        writer.WriteString("outcome", VerdictName.Of(step.Verdict));
        writer.WriteString("target", step.Target);
        writer.WriteString("found", step.Found);
        writer.WriteString("remedy", step.Remedy);
        writer.WriteString("documentation", step.Documentation);
    }
}
