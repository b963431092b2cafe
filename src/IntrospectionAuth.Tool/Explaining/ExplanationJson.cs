using System.Text.Json;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Explaining;

/// <summary>Writes every check of a token as JSON. The schema is in <c>docs/tool.md</c>.</summary>
internal static class ExplanationJson
{
    public static string Write(SchemeSettings settings, TokenExplanation explanation) =>
        JsonText.Write(writer =>
        {
            Decision decision = explanation.Decision;
            settings.WriteTo(writer);
            writer.WriteString("token", explanation.Fingerprint);
            writer.WriteString(
                "outcome",
                VerdictName.Of(
                    explanation.IsAccepted ? Verdict.Ok
                    : explanation.NeedsProof ? Verdict.Warn
                    : Verdict.Fail
                )
            );
            writer.WriteString("failure", decision.Failure?.ToString());
            writer.WriteString("remedy", decision.Remedy?.Text);
            writer.WriteString("documentation", decision.Remedy?.Link);
            writer.WriteObjects("checks", decision.Checks, WriteCheck);
        });

    private static void WriteCheck(Utf8JsonWriter writer, Check check)
    {
        writer.WriteString("check", check.Name);
        writer.WriteString("outcome", CheckVerdictName.Of(check.Verdict));
        writer.WriteString("expected", check.Expected);
        writer.WriteString("found", check.Found);
    }
}
